# changeling_floor(NAME ON floor... LIBRARIES target...)
# One folder of src/ becomes one static library `floor_NAME`. ON lists the floors below that it may
# include from; tests/structure checks the #include lines against the same order.
function(changeling_floor name)
  cmake_parse_arguments(FLOOR "" "" "ON;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources)
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/empty.cpp")
    file(TOUCH "${sources}")
  endif()
  add_library(floor_${name} STATIC ${sources})
  target_include_directories(floor_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  changeling_compile_options(floor_${name})
  # What nearly every file needs is compiled once, by the lowest floor, for all of them.
  if(name STREQUAL "support")
    target_precompile_headers(floor_support PRIVATE
      <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <string> <string_view>
      <utility> <variant> <vector> <fmt/format.h> <nlohmann/json.hpp>)
  else()
    target_precompile_headers(floor_${name} REUSE_FROM floor_support)
  endif()
  list(TRANSFORM FLOOR_ON PREPEND floor_)
  target_link_libraries(floor_${name} PUBLIC ${FLOOR_ON} ${FLOOR_LIBRARIES} PRIVATE ${FLOOR_PRIVATE_LIBRARIES})
endfunction()
