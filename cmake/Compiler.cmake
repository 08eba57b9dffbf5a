# One linkable target for warnings and sanitizers: every room links lix_compiler.
set(LIX_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined")

add_library(lix_compiler INTERFACE)
target_compile_options(lix_compiler INTERFACE
  -Wall -Wextra
  -Wshadow                 # a hidden name is a bug that reads well
  -Wnon-virtual-dtor       # deleting through a base without one is undefined
  -Woverloaded-virtual     # a signature typo must not become a new function
  -Wno-missing-field-initializers) # designated initializers leave defaults on purpose
if(LIX_SANITIZE)
  target_compile_options(lix_compiler INTERFACE -fsanitize=${LIX_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(lix_compiler INTERFACE -fsanitize=${LIX_SANITIZE})
endif()
# The project root is the include root of nothing: each room sees core/ only through what it links.
