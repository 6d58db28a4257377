# One place for what every target of ours shares: language, warnings, hardening, sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(TEGATA_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, such as address,undefined")
set(TEGATA_FUZZ OFF CACHE BOOL "Build tests/fuzz with libFuzzer (clang)")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(tegata_options INTERFACE)
target_include_directories(tegata_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(tegata_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wswitch-enum -Werror)
target_compile_definitions(tegata_options INTERFACE JSON_USE_IMPLICIT_CONVERSIONS=0)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports paths through std::string and std::variant that cannot be taken (GCC bug 105329 and kin).
  target_compile_options(tegata_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overread)
endif()
if(CMAKE_UNITY_BUILD)
  # One file sees the private names of the others, which says nothing about either; the dev preset warns as usual.
  # Of names that collide, the first few errors tell; what follows from them does not.
  target_compile_options(tegata_options INTERFACE -Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tegata_options INTERFACE -Wno-subobject-linkage -fmax-errors=5)
  endif()
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(tegata_options INTERFACE -fstack-protector-strong -D_GLIBCXX_ASSERTIONS
                         $<$<NOT:$<BOOL:$<TARGET_PROPERTY:TEGATA_UNOPTIMISED>>>:-D_FORTIFY_SOURCE=2>)
  target_link_options(tegata_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(TEGATA_SANITIZE)
  target_compile_options(tegata_options INTERFACE -fsanitize=${TEGATA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tegata_options INTERFACE -fsanitize=${TEGATA_SANITIZE})
endif()
if(TEGATA_FUZZ)
  target_compile_options(tegata_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tegata_library(NAME SOURCES file… [ALONE file…] [PUBLIC target…] [PRIVATE target…]): one room, or a corner of
# one. The release preset compiles the SOURCES of a target as one file (CONTRIBUTING.md); those that cannot be
# are named after ALONE.
function(tegata_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;ALONE;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES} ${arg_ALONE})
  set_source_files_properties(${arg_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${name} PUBLIC tegata_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# tegata_test(NAME SOURCES file… LINKS target…): a GoogleTest program; each test is a ctest case.
# Its tests find their data by testdata_folder.h.
function(tegata_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # What is tested is optimised; the tests themselves are built in half the time without.
    set_target_properties(${name} PROPERTIES TEGATA_UNOPTIMISED ON)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE tegata_options ${arg_LINKS} GTest::gmock GTest::gtest_main)
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
