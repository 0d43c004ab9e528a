# The libraries of others, as the floors name them: changeling::fmt, ::crypto, ::libgit2, ::zlib, ::time_zones,
# ::toml and ::sqlite. With CHANGELING_STATIC they become part of the program, which then asks the system for
# nothing but glibc: loading 26 shared libraries costs more than most commands. Without it the system's shared
# libraries are used, as distributions want it. libcurl is never linked, see http/curl_client.cpp.
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(PkgConfig REQUIRED)

# Headers alone; Beast and Asio are used in two files of src/server. The first that has what they need is 1.81,
# which Debian 12 packages beside an older one.
find_path(CHANGELING_BOOST_HEADERS boost/beast.hpp)
mark_as_advanced(CHANGELING_BOOST_HEADERS)
set(boost_version 0)
if(CHANGELING_BOOST_HEADERS)
  file(STRINGS "${CHANGELING_BOOST_HEADERS}/boost/version.hpp" boost_version REGEX "^#define BOOST_VERSION ")
  string(REGEX REPLACE "^#define BOOST_VERSION " "" boost_version "${boost_version}")
endif()
if(boost_version LESS 108100)
  message(FATAL_ERROR "git-changeling-serve needs the headers of Boost 1.81 or later; "
          "install libboost1.81-dev on Debian 12, libboost-dev on Debian 13")
endif()
add_library(changeling_boost INTERFACE)
target_include_directories(changeling_boost SYSTEM INTERFACE "${CHANGELING_BOOST_HEADERS}")
add_library(changeling::boost ALIAS changeling_boost)

# Adds changeling::NAME, which links the static archives of these libraries ("z" for libz.a); those after OPTIONAL
# only where they are installed.
function(changeling_archives name)
  cmake_parse_arguments(ARCHIVES "" "" "OPTIONAL" ${ARGN})
  add_library(changeling_${name} INTERFACE)
  add_library(changeling::${name} ALIAS changeling_${name})
  foreach(library IN LISTS ARCHIVES_UNPARSED_ARGUMENTS ARCHIVES_OPTIONAL)
    find_library(CHANGELING_ARCHIVE_${library} "lib${library}.a")
    mark_as_advanced(CHANGELING_ARCHIVE_${library})
    if(CHANGELING_ARCHIVE_${library})
      target_link_libraries(changeling_${name} INTERFACE "${CHANGELING_ARCHIVE_${library}}")
    elseif(NOT library IN_LIST ARCHIVES_OPTIONAL)
      message(FATAL_ERROR "lib${library}.a is not installed; -DCHANGELING_STATIC=OFF links shared libraries")
    endif()
  endforeach()
endfunction()

# The libraries that pkg-config names for linking PACKAGE statically, without those that are glibc's own.
function(changeling_static_libraries output package)
  pkg_check_modules(${package} REQUIRED ${package}${ARGN})
  set(libraries ${${package}_STATIC_LIBRARIES})
  list(REMOVE_ITEM libraries atomic dl m pthread rt)
  set(${output} ${libraries} PARENT_SCOPE)
endfunction()

if(CHANGELING_STATIC)
  changeling_archives(sqlite sqlite3)
  changeling_archives(zlib z)
  changeling_archives(crypto crypto)
  changeling_static_libraries(libraries libgit2 >=1.5)
  # Not all of them are needed, see no_transports.cpp, and Debian 13 still names http_parser where it is llhttp.
  changeling_archives(libgit2 git2 OPTIONAL ${libraries} llhttp)
  changeling_static_libraries(libraries absl_time)
  changeling_archives(time_zones ${libraries})
  # toml++ is made for this; it is used in one file.
  add_library(changeling_toml INTERFACE)
  target_include_directories(changeling_toml INTERFACE
    $<TARGET_PROPERTY:tomlplusplus::tomlplusplus,INTERFACE_INCLUDE_DIRECTORIES>)
  add_library(changeling::toml ALIAS changeling_toml)
  # No archive of fmt is packaged; its source is among its headers, and is compiled once.
  add_library(changeling_fmt STATIC "${CMAKE_CURRENT_LIST_DIR}/static/fmt.cpp")
  target_compile_features(changeling_fmt PUBLIC cxx_std_20)
  add_library(changeling::fmt ALIAS changeling_fmt)
  # As the shared library has it, so that switching a debug build between the two costs a relink alone.
  target_compile_definitions(changeling_fmt INTERFACE $<$<CONFIG:Debug>:FMT_SHARED>)
  # See the file: what libgit2 would need TLS and ssh for.
  add_library(changeling_no_transports OBJECT "${CMAKE_CURRENT_LIST_DIR}/static/no_transports.cpp")
  target_link_libraries(changeling_libgit2 INTERFACE $<TARGET_OBJECTS:changeling_no_transports>)
  # Exceptions and streams of the compiler's own library, too; what nobody calls is left out.
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-ffunction-sections> $<$<NOT:$<CONFIG:Debug>>:-fdata-sections>)
  add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,-O1 -Wl,-z,pack-relative-relocs)
else()
  find_package(absl REQUIRED)
  find_package(OpenSSL REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(ZLIB REQUIRED)
  pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET GLOBAL libgit2>=1.5)
  add_library(changeling::sqlite ALIAS SQLite::SQLite3)
  add_library(changeling::zlib ALIAS ZLIB::ZLIB)
  add_library(changeling::crypto ALIAS OpenSSL::Crypto)
  add_library(changeling::libgit2 ALIAS PkgConfig::libgit2)
  add_library(changeling::time_zones ALIAS absl::time)
  add_library(changeling::toml ALIAS tomlplusplus::tomlplusplus)
  add_library(changeling::fmt ALIAS fmt::fmt)
endif()
