#pragma once
// at::Tensor with its arithmetic operators: the narrowest headers that give both (5 s a file; ATen/ATen.h costs 18).
#include <ATen/TensorOperators.h>
#include <ATen/core/TensorBody.h>
