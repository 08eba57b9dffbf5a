#include "nn/checkpoint/preprocess.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"

namespace lix::nn {
namespace {
using nlohmann::json;

constexpr int kPillowBilinear = 2, kPillowBicubic = 3;
constexpr const char* kHalfEven = "half_even";

/// Steps that can be switched off in the file but not here.
Result<void> checkSteps(const json& part, bool crops, const std::string& source) {
  for (const char* step : {"do_resize", "do_rescale", "do_normalize"}) {
    if (part.contains(step) && part[step] == false) {
      return fail(ErrorCode::Unsupported, cat(source, " switches ", step, " off, which cannot be done."));
    }
  }
  if (crops && part.contains("do_center_crop") && part["do_center_crop"] == false) {
    return fail(ErrorCode::Unsupported, cat(source, " asks for pictures that are not square, which cannot be made."));
  }
  if (std::abs(part.value("rescale_factor", 1.0 / 255.0) * 255.0 - 1.0) > 1e-6) {
    return fail(ErrorCode::Unsupported, cat(source, " has a rescale_factor other than 1/255, which cannot be done."));
  }
  return {};
}

Result<void> readSize(const json& part, Preprocess& result, const std::string& source) {
  if (!part.contains("size")) {
    return {};
  }
  const json& size = part["size"];
  if (size.is_number_integer() || size.contains("shortest_edge")) {
    result.size = size.is_number_integer() ? size : size["shortest_edge"];
    result.fit = Preprocess::Fit::ShortestEdgeCrop;
  } else {
    result.size = size.at("height");
    result.fit = Preprocess::Fit::Squash;
    if (size.at("width") != size.at("height")) {
      return fail(ErrorCode::Unsupported, cat(source, " asks for pictures that are not square, which cannot be made."));
    }
  }
  if (result.fit == Preprocess::Fit::ShortestEdgeCrop && part.contains("crop_size")) {
    const json& crop = part["crop_size"];
    const int side = crop.is_number_integer() ? crop.get<int>() : crop.at("height").get<int>();
    if (side != result.size) {
      return fail(ErrorCode::Unsupported,
                  cat(source, " crops to ", side, " after resizing to ", result.size, ", which cannot be done yet."));
    }
  }
  if (result.size < 1 || result.size > 8192) {
    return fail(ErrorCode::BadInput, cat(source, " asks for pictures of ", result.size, " pixels."));
  }
  return {};
}

Result<Preprocess> fromJson(const json& whole, const std::string& source) {
  const json& part = whole.contains("image_processor") ? whole["image_processor"] : whole;
  const std::string type = part.value("image_processor_type", part.value("feature_extractor_type", ""));
  Preprocess result = type.starts_with("CLIP") ? clipPreprocess(224) : siglipPreprocess(224);  // transformers' defaults
  LIX_CHECK(readSize(part, result, source));
  LIX_CHECK(checkSteps(part, result.fit == Preprocess::Fit::ShortestEdgeCrop, source));
  const int resample = part.value("resample", kPillowBicubic);
  if (resample != kPillowBilinear && resample != kPillowBicubic) {
    return fail(ErrorCode::Unsupported, cat(source, " asks for the resampling filter ", resample,
                                            "; 2 (bilinear) and 3 (bicubic) can be done."));
  }
  result.filter = resample == kPillowBilinear ? Preprocess::Filter::Bilinear : Preprocess::Filter::Bicubic;
  const auto statistics = [&](const char* key, const char* old, std::array<float, 3>& target) {
    if (part.contains(key) || part.contains(old)) {
      target = (part.contains(key) ? part[key] : part[old]).get<std::array<float, 3>>();
    }
  };
  statistics("image_mean", "mean", result.mean);
  statistics("image_std", "std", result.deviation);
  for (const float deviation : result.deviation) {
    if (!(deviation > 0.0f)) {
      return fail(ErrorCode::BadInput, cat(source, " has an image_std that is not positive."));
    }
  }
  const json ours = part.value("lix", json::object());
  if (const std::string centre = ours.value("centre_crop", ""); centre == kHalfEven) {
    result.centre = Preprocess::Centre::HalfEven;
  } else if (!centre.empty()) {
    return fail(ErrorCode::Unsupported, cat(source, " asks for the centre crop '", centre, "'; ", kHalfEven,
                                            " can be done, and Hugging Face's where nothing is said."));
  }
  return result;
}

}  // namespace

std::string Preprocess::key() const {
  return cat(fit == Fit::Squash ? "squash" : "crop", size, filter == Filter::Bicubic ? "-bicubic" : "-bilinear", "-m",
             mean[0], "-", mean[1], "-", mean[2], "-s", deviation[0], "-", deviation[1], "-", deviation[2],
             fit == Fit::ShortestEdgeCrop && centre == Centre::HalfEven ? "-even" : "");
}

Preprocess siglipPreprocess(int size) { return {.size = size}; }

Preprocess clipPreprocess(int size) {
  return {.size = size,
          .fit = Preprocess::Fit::ShortestEdgeCrop,
          .mean = {0.48145466f, 0.4578275f, 0.40821073f},
          .deviation = {0.26862954f, 0.26130258f, 0.27577711f}};
}

Result<Preprocess> huggingFacePreprocess(const std::filesystem::path& path) {
  LIX_TRY(const std::string text, readFile(path, 1 << 20));
  try {
    return fromJson(json::parse(text), path.string());
  } catch (const json::exception& problem) {
    return fail(ErrorCode::BadInput, cat(path.string(), " cannot be read: ", problem.what(), "."));
  }
}

Result<void> savePreprocess(const Preprocess& preprocess, const std::filesystem::path& folder) {
  const bool squash = preprocess.fit == Preprocess::Fit::Squash;
  json whole{{"image_processor_type", squash ? "SiglipImageProcessor" : "CLIPImageProcessor"},
             {"do_resize", true},
             {"resample", preprocess.filter == Preprocess::Filter::Bicubic ? kPillowBicubic : kPillowBilinear},
             {"do_rescale", true},
             {"rescale_factor", 1.0 / 255.0},
             {"do_normalize", true},
             {"do_convert_rgb", true},
             {"image_mean", preprocess.mean},
             {"image_std", preprocess.deviation}};
  if (squash) {
    whole["size"] = {{"height", preprocess.size}, {"width", preprocess.size}};
  } else {
    whole["size"] = {{"shortest_edge", preprocess.size}};
    whole["do_center_crop"] = true;
    whole["crop_size"] = {{"height", preprocess.size}, {"width", preprocess.size}};
    if (preprocess.centre == Preprocess::Centre::HalfEven) {
      whole["lix"] = {{"centre_crop", kHalfEven}};
    }
  }
  return writeFile(folder / "preprocessor_config.json", whole.dump(2) + "\n");
}

}  // namespace lix::nn
