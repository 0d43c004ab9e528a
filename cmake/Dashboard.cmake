# changeling_dashboard(VARIABLE DESCRIPTION)
# Sets VARIABLE to the files of the dashboard, which web/build.mjs makes from web/ and the API's DESCRIPTION.
# That needs Node and the packages of web/package-lock.json, which scripts/test and scripts/demo install; where they are
# not, it is a page that says so.
function(changeling_dashboard variable description)
  set(CHANGELING_WEB_MODULES "${PROJECT_SOURCE_DIR}/build/web/node_modules" CACHE PATH
      "The packages of web/package-lock.json, in a folder of the name node_modules")
  find_program(CHANGELING_NODE NAMES node nodejs)
  # Asked at each build, so that packages which come later are noticed.
  file(GLOB packages CONFIGURE_DEPENDS "${CHANGELING_WEB_MODULES}/.package-lock.json")
  if(NOT CHANGELING_NODE OR NOT packages)
    message(WARNING "git-changeling-serve is built WITHOUT ITS DASHBOARD: Node.js or the packages in "
                    "${CHANGELING_WEB_MODULES} are not there. scripts/test and scripts/demo install them.")
    set(absent "${PROJECT_SOURCE_DIR}/web/absent")
    set(${variable} "${absent}/index.html" "${absent}/licences.txt" PARENT_SCOPE)
    return()
  endif()
  set(web "${PROJECT_SOURCE_DIR}/web")
  set(out "${CMAKE_CURRENT_BINARY_DIR}/web")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*.ts" "${web}/src/*.tsx" "${web}/src/*.css")
  set(made "${out}/index.html" "${out}/app.css" "${out}/app.js" "${out}/licences.txt")
  add_custom_command(
    OUTPUT ${made}
    COMMAND "${CHANGELING_NODE}" "${web}/build.mjs" --modules "${CHANGELING_WEB_MODULES}"
            --description "${description}" --out "${out}"
    DEPENDS ${sources} ${packages} "${description}" "${web}/build.mjs" "${web}/tsconfig.json" "${web}/index.html"
    COMMENT "Making the dashboard"
    VERBATIM)
  set(${variable} ${made} PARENT_SCOPE)
endfunction()
