# changeling_embed(TARGET FUNCTION file...)
# Adds to TARGET a generated source that defines
#   std::span<const changeling::EmbeddedFile> changeling::FUNCTION()
# (declared in support/embedded_file.hpp's users) with the name and the bytes of every file, sorted by name.
function(changeling_embed target function)
  changeling_embed_below("" ${target} ${function} ${ARGN})
endfunction()

# The same with the paths of the files below FOLDER for their names.
function(changeling_embed_below folder target function)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp")
  list(SORT ARGN)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${output}" "-DFUNCTION=${function}" "-DBASE=${folder}" "-DFILES=${ARGN}"
            -P "${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake"
    DEPENDS ${ARGN} "${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
