#include "nn/checkpoint/preprocess.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"

namespace lix::nn {
namespace {
using nlohmann::json;
using Fit = Preprocess::Fit;
using Filter = Preprocess::Filter;
using Kernel = Preprocess::Kernel;

constexpr int kMostPixels = 8192;
constexpr const char* kHalfEven = "half_even";
constexpr const char* kPadLongest = "longest";

/// Pillow's codes, which the files use, and names for keys.
struct FilterName {
  Filter filter;
  int code;
  std::string_view name;
};
constexpr FilterName kFilters[] = {{Filter::Nearest, 0, "nearest"}, {Filter::Lanczos, 1, "lanczos"},
                                   {Filter::Bilinear, 2, "bilinear"}, {Filter::Bicubic, 3, "bicubic"},
                                   {Filter::Box, 4, "box"},           {Filter::Hamming, 5, "hamming"}};
constexpr std::pair<Kernel, std::string_view> kKernels[] = {
    {Kernel::Pillow13, "pillow"}, {Kernel::Pillow12, "pillow-12"}, {Kernel::Torchvision, "torchvision"}};

const FilterName& about(Filter filter) { return *std::ranges::find(kFilters, filter, &FilterName::filter); }

/// A switch of the file, where null means the default as it does in transformers.
bool isOn(const json& part, const char* name, bool otherwise) {
  return part.contains(name) && !part[name].is_null() ? part[name].get<bool>() : otherwise;
}

std::unexpected<Error> notSquare(const std::string& source) {
  return fail(ErrorCode::Unsupported, cat(source, " asks for pictures that are not square, which cannot be made."));
}

/// The side of an object {"height", "width"}, or of a number.
Result<int> sideOf(const json& size, const std::string& source) {
  if (size.is_number_integer()) {
    return size.get<int>();
  }
  if (size.at("height") != size.at("width")) {
    return notSquare(source);
  }
  return size.at("height").get<int>();
}

Result<void> readSize(const json& part, bool clip, Preprocess& result, const std::string& source) {
  const json size = part.value("size", json());
  if (size.is_object() && (size.contains("longest_edge") || size.contains("max_height"))) {
    return notSquare(source);
  }
  if (size.is_number_integer() || size.contains("shortest_edge")) {
    result.size = size.is_number_integer() ? size : size["shortest_edge"];
    result.fit = Fit::ShortestEdgeCrop;
  } else if (!size.is_null()) {
    LIX_TRY(result.size, sideOf(size, source));
    result.fit = Fit::Squash;
  }
  if (!isOn(part, "do_center_crop", clip || result.fit == Fit::ShortestEdgeCrop)) {
    return result.fit == Fit::ShortestEdgeCrop ? Result<void>(notSquare(source)) : Result<void>();
  }
  if (const json crop = part.value("crop_size", json()); !crop.is_null()) {
    const int before = result.size;
    LIX_TRY(result.size, sideOf(crop, source));
    result.resizedTo = before == result.size ? 0 : before;
  }
  return {};
}

/// Rescaling and normalisation, each of which may be switched off.
Result<void> readScale(const json& part, Preprocess& result, const std::string& source) {
  if (!isOn(part, "do_resize", true)) {
    return fail(ErrorCode::Unsupported,
                cat(source, " switches do_resize off, so that pictures would stay of any size, which the tower cannot read."));
  }
  result.rescale = isOn(part, "do_rescale", true) ? part.value("rescale_factor", 1.0 / 255.0) : 1.0;
  if (std::abs(result.rescale * 255.0 - 1.0) < 1e-12) {
    result.rescale = 1.0 / 255.0;  // as it was written with fewer digits
  }
  const auto statistics = [&](const char* key, const char* old, std::array<float, 3>& target) {
    if (const json given = part.value(key, part.value(old, json())); given.is_number()) {
      target.fill(given.get<float>());
    } else if (!given.is_null()) {
      target = given.get<std::array<float, 3>>();
    }
  };
  statistics("image_mean", "mean", result.mean);
  statistics("image_std", "std", result.deviation);
  if (!isOn(part, "do_normalize", true)) {
    result.mean.fill(0.0f);
    result.deviation.fill(1.0f);
  }
  return {};
}

/// What transformers has no field for.
Result<void> readOurs(const json& ours, Preprocess& result, const std::string& source) {
  if (const std::string centre = ours.value("centre_crop", ""); centre == kHalfEven) {
    result.centre = Preprocess::Centre::HalfEven;
  } else if (!centre.empty()) {
    return fail(ErrorCode::Unsupported, cat(source, " asks for the centre crop '", centre, "'; ", kHalfEven,
                                            " can be done, and Hugging Face's where nothing is said."));
  }
  if (ours.contains("kernel")) {
    const auto kernel = kernelNamed(ours["kernel"].get<std::string>());
    if (!kernel) {
      return fail(ErrorCode::Unsupported, cat(source, ": ", kernel.error().message));
    }
    result.kernel = *kernel;
  }
  if (const std::string mode = ours.value("resize_mode", ""); mode == kPadLongest) {
    result.fit = Fit::LongestEdgePad;
    result.fill = ours.value("fill_color", 0);
  } else if (!mode.empty()) {
    return fail(ErrorCode::Unsupported, cat(source, " asks for the resize_mode '", mode, "'; ", kPadLongest,
                                            " can be done, and what its size says where nothing is said."));
  }
  return {};
}

Result<Preprocess> fromJson(const json& whole, const std::string& source) {
  const json& part = whole.contains("image_processor") ? whole["image_processor"] : whole;
  const std::string type = part.value("image_processor_type", part.value("feature_extractor_type", ""));
  const bool clip = type.starts_with("CLIP");
  Preprocess result = clip ? clipPreprocess(224) : siglipPreprocess(224);  // transformers' defaults
  result.kernel = type.ends_with("Fast") ? Kernel::Torchvision : Kernel::Pillow13;
  LIX_CHECK(readSize(part, clip, result, source));
  LIX_CHECK(readScale(part, result, source));
  if (const json resample = part.value("resample", json()); !resample.is_null()) {
    const auto found = std::ranges::find(kFilters, resample.get<int>(), &FilterName::code);
    if (found == std::end(kFilters)) {
      return fail(ErrorCode::Unsupported, cat(source, " asks for the resampling filter ", resample.get<int>(),
                                              "; 0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) and 5 "
                                              "(Hamming) can be done."));
    }
    result.filter = found->filter;
  }
  LIX_CHECK(readOurs(part.value("lix", json::object()), result, source));
  LIX_CHECK(checkPreprocess(result, source));
  return result;
}

}  // namespace

std::string_view nameOf(Kernel kernel) {
  return std::ranges::find(kKernels, kernel, &std::pair<Kernel, std::string_view>::first)->second;
}

Result<Kernel> kernelNamed(std::string_view name) {
  const auto found = std::ranges::find(kKernels, name, &std::pair<Kernel, std::string_view>::second);
  if (found == std::end(kKernels)) {
    return fail(ErrorCode::BadInput, cat("There is no resizing kernel '", name,
                                         "'; there are pillow (13 and later), pillow-12 (and before) and torchvision."));
  }
  return found->first;
}

Result<void> checkPreprocess(const Preprocess& preprocess, const std::string& source) {
  for (const int side : {preprocess.size, preprocess.resizedTo == 0 ? 1 : preprocess.resizedTo}) {
    if (side < 1 || side > kMostPixels) {
      return fail(ErrorCode::BadInput, cat(source, " asks for pictures of ", side, " pixels; 1 to ", kMostPixels, " can be made."));
    }
  }
  if (preprocess.fill < 0 || preprocess.fill > 255) {
    return fail(ErrorCode::BadInput, cat(source, " has the fill_color ", preprocess.fill, "; a grey from 0 to 255 can be used."));
  }
  if (!std::ranges::all_of(preprocess.deviation, [](float value) { return value > 0.0f && std::isfinite(value); }) ||
      !std::ranges::all_of(preprocess.mean, [](float value) { return std::isfinite(value); })) {
    return fail(ErrorCode::BadInput, cat(source, " has an image_std that is not positive, or a mean that is no number."));
  }
  if (!(preprocess.rescale > 0.0) || !std::isfinite(preprocess.rescale)) {
    return fail(ErrorCode::BadInput, cat(source, " has a rescale_factor that is not positive."));
  }
  if (preprocess.kernel == Kernel::Torchvision && preprocess.filter != Filter::Bilinear && preprocess.filter != Filter::Bicubic) {
    return fail(ErrorCode::Unsupported,
                cat(source, " asks for torchvision's kernel with the filter ", about(preprocess.filter).name,
                    ", which is done for bilinear and bicubic alone; take Pillow's kernel (\"lix\": {\"kernel\": "
                    "\"pillow\"})."));
  }
  return {};
}

std::string Preprocess::key() const {
  std::string text = cat(fit == Fit::Squash             ? "squash"
                         : fit == Fit::ShortestEdgeCrop ? "crop"
                                                        : "longest",
                         size, "-", about(filter).name, "-m", mean[0], "-", mean[1], "-", mean[2], "-s", deviation[0], "-",
                         deviation[1], "-", deviation[2],
                         (fit == Fit::ShortestEdgeCrop || resizedTo != 0) && centre == Centre::HalfEven ? "-even" : "");
  // Only what differs from before these could be chosen, so that what was recorded then keeps its key.
  text += resizedTo != 0 ? cat("-from", resizedTo) : "";
  text += fit == Fit::LongestEdgePad ? cat("-fill", fill) : "";
  text += rescale != 1.0 / 255.0 ? cat("-r", rescale) : "";
  text += kernel != Kernel::Pillow13 ? cat("-", nameOf(kernel)) : "";
  return text;
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
  const bool squash = preprocess.fit != Fit::ShortestEdgeCrop;
  const bool crops = !squash || preprocess.resizedTo != 0;
  const int resized = preprocess.resizedTo != 0 ? preprocess.resizedTo : preprocess.size;
  json whole{{"image_processor_type", cat(squash && !crops ? "SiglipImageProcessor" : "CLIPImageProcessor",
                                          preprocess.kernel == Kernel::Torchvision ? "Fast" : "")},
             {"do_resize", true},
             {"resample", about(preprocess.filter).code},
             {"do_rescale", true},
             {"rescale_factor", preprocess.rescale},
             {"do_normalize", true},
             {"do_convert_rgb", true},
             {"image_mean", preprocess.mean},
             {"image_std", preprocess.deviation}};
  whole["size"] = squash ? json{{"height", resized}, {"width", resized}} : json{{"shortest_edge", resized}};
  json ours = json::object();
  if (crops) {
    whole["do_center_crop"] = true;
    whole["crop_size"] = {{"height", preprocess.size}, {"width", preprocess.size}};
    if (preprocess.centre == Preprocess::Centre::HalfEven) {
      ours["centre_crop"] = kHalfEven;
    }
  }
  if (preprocess.fit == Fit::LongestEdgePad) {
    ours["resize_mode"] = kPadLongest;
    ours["fill_color"] = preprocess.fill;
  }
  ours["kernel"] = nameOf(preprocess.kernel);
  whole["lix"] = ours;
  return writeFile(folder / "preprocessor_config.json", whole.dump(2) + "\n");
}

}  // namespace lix::nn
