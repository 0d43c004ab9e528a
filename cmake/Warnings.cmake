# Warning and sanitizer flags of every target of the project.
function(changeling_compile_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports these inside its own <string> and <regex> when optimising.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds)
    # Lets ccache see through precompiled headers.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
  if(CHANGELING_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CHANGELING_SANITIZERS)
    target_compile_options(${target} PRIVATE
      -fsanitize=${CHANGELING_SANITIZERS} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${CHANGELING_SANITIZERS})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE" AND CHANGELING_SANITIZERS MATCHES "address")
      target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/sanitizers/known_leaks.cpp")
      set_source_files_properties("${PROJECT_SOURCE_DIR}/tests/sanitizers/known_leaks.cpp"
                                  PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endif()
endfunction()
