# Imported targets of the two CPU libraries of a LibTorch tree; never find_package(Torch), which demands a CUDA toolkit and
# leaves odd run paths. LIX_TORCH_DIR names a folder with include/ and lib/ (default: what packaging/setup.sh put in place).
set(LIX_TORCH_DIR "" CACHE PATH "Folder of LibTorch (with include/ and lib/)")
set(dir "${LIX_TORCH_DIR}")
if(NOT dir)
  set(dir "${CMAKE_SOURCE_DIR}/build/deps/python/torch")
endif()
if(NOT EXISTS "${dir}/lib/libtorch_cpu.so" OR NOT EXISTS "${dir}/include/ATen/core/TensorBody.h")
  message(FATAL_ERROR "LibTorch was not found in ${dir}. Run ./packaging/setup.sh, or name your own with -DLIX_TORCH_DIR=/path/to/libtorch.")
endif()
add_library(lix_c10 SHARED IMPORTED)
set_target_properties(lix_c10 PROPERTIES IMPORTED_LOCATION "${dir}/lib/libc10.so")
add_library(lix_torch_cpu SHARED IMPORTED)
set_target_properties(lix_torch_cpu PROPERTIES IMPORTED_LOCATION "${dir}/lib/libtorch_cpu.so")
# gomp: the wheel carries its own; the same file must serve both, or two OpenMP pools would fight for the cores.
add_library(lix_torch INTERFACE)
target_include_directories(lix_torch SYSTEM INTERFACE "${dir}/include" "${dir}/include/torch/csrc/api/include")
target_link_libraries(lix_torch INTERFACE lix_torch_cpu lix_c10)
add_library(lix::torch ALIAS lix_torch)
