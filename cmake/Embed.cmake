# lix_embed(<target> <root> <files...>): makes a static library whose lix::resource("path") returns the embedded text of
# each file, named by its path below <root>. Programs need no resource folder at run time.
function(lix_embed target root)
  set(rows "")
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH name "${root}" "${file}")
    string(REGEX REPLACE "^\\.\\./" "" name "${name}")  # models/ lies beside resources/
    file(READ "${file}" text)
    string(APPEND rows "    {\"${name}\", R\"lixembed(${text})lixembed\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  endforeach()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}_table.inc")
  file(GENERATE OUTPUT "${source}" CONTENT "${rows}")
  add_library(${target} STATIC "${CMAKE_CURRENT_SOURCE_DIR}/resource.cpp" "${source}")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}" PUBLIC "${CMAKE_SOURCE_DIR}")
  target_compile_definitions(${target} PRIVATE LIX_RESOURCE_TABLE="${target}_table.inc")
  target_link_libraries(${target} PRIVATE lix_compiler)
endfunction()
