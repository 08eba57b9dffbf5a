#pragma once
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include "adapt/task.h"
#include "nn/checkpoint/safetensors.h"
#include "support/support.h"

namespace lix::test {

/// The numeric reference kit, where it is at hand: its task, and any of its arrays.
struct Kit {
  explicit Kit(const std::filesystem::path& folder) {
    auto opened = nn::SafetensorsFile::open(folder / "reference.safetensors");
    EXPECT_TRUE(opened.has_value()) << messageOf(opened);
    file.emplace(std::move(*opened));
    const auto floats = [&](const char* name) {
      const auto values = numbers(name);
      return std::vector<float>(values.begin(), values.end());
    };
    const auto labels = numbers("support_y");
    task.supportLabels.assign(labels.begin(), labels.end());
    task.classes = static_cast<std::size_t>(file->tensors().at("text_w").shape[0]);
    task.columns = static_cast<std::size_t>(file->tensors().at("text_w").shape[1]);
    task.logitScale = floats("zeroshot_scale").front();
    task.support = floats("support");
    task.text = floats("text_w");
    task.queries = floats("test");
  }

  std::vector<double> numbers(const std::string& name) const {
    const nn::TensorView& view = file->tensors().at(name);
    std::vector<double> out;
    for (std::size_t at = 0; at < view.bytes.size(); at += nn::itemSize(view.type)) {
      out.push_back(number(view, at));
    }
    return out;
  }

  std::optional<nn::SafetensorsFile> file;
  OwnedTask task;

 private:
  template <class T>
  static T as(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  static double number(const nn::TensorView& view, std::size_t at) {
    const std::byte* here = view.bytes.data() + at;
    return view.type == nn::DType::F64   ? as<double>(here)
           : view.type == nn::DType::F32 ? static_cast<double>(as<float>(here))
                                         : static_cast<double>(as<std::int64_t>(here));
  }
};

}  // namespace lix::test
