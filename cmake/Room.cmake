# lix_room(<name> SOURCES a.cpp ... [LINKS public...] [PRIVATE_LINKS private...])
# Makes the static target lix_<name> with alias lix::<name>, whose files are included as "<room>/file.h".
# What a room links is what its files may include.
function(lix_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(lix_${name} STATIC ${ROOM_SOURCES})
  add_library(lix::${name} ALIAS lix_${name})
  target_link_libraries(lix_${name} PUBLIC ${ROOM_LINKS} PRIVATE lix_compiler ${ROOM_PRIVATE_LINKS})
  set_target_properties(lix_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# lix_test(<name> SOURCES ... LINKS ...): one GoogleTest program, found by CTest test by test.
function(lix_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE lix_compiler ${TEST_LINKS} lix::test_support GTest::gtest GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 600 ENVIRONMENT "OMP_NUM_THREADS=1;OMP_WAIT_POLICY=passive;QT_QPA_PLATFORM=offscreen")
endfunction()
