#include "study/doctor/doctor.h"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "base/text.h"
#include "study/doctor/checkpoint.h"
#include "study/doctor/dataset.h"

namespace lix::study::doctor {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 3> kConfigs{"config.json", "open_clip_config.json", "model_config.json"};

bool isWeightsName(const fs::path& file) {
  const std::string name = file.filename().string(), extension = file.extension().string();
  return extension == ".safetensors" || extension == ".pt" || extension == ".pth" ||
         (extension == ".bin" && name.find("pytorch_model") != std::string::npos) ||
         name.ends_with(".safetensors.index.json") || name.ends_with(".bin.index.json");
}

void judge(Report& report) {
  if (report.verdict == Verdict::Refused) {
    return;
  }
  const auto remarks = std::ranges::count(report.findings, Weight::Remark, &Finding::weight);
  report.verdict = remarks > 0 ? Verdict::Remarks : Verdict::Ready;
  report.sentence = remarks == 0   ? "It can be used as it is."
                    : remarks == 1 ? "It can be used; one remark should be read first."
                                   : cat("It can be used; ", remarks, " remarks should be read first.");
}

}  // namespace

bool looksLikeCheckpoint(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    return isWeightsName(path) && fs::is_regular_file(path, ignored);
  }
  for (const std::string_view name : kConfigs) {
    if (fs::is_regular_file(path / name, ignored)) {
      return true;
    }
  }
  for (fs::directory_iterator at(path, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (isWeightsName(at->path()) && at->is_regular_file(ignored)) {
      return true;
    }
  }
  return false;
}

Result<Report> examine(const fs::path& path, const Progress& progress) {
  std::error_code ignored;
  const bool pattern = path.string().find('{') != std::string::npos;  // of shards, or several of them
  if (!pattern && path.has_parent_path() && !fs::exists(path, ignored)) {
    return fail(ErrorCode::NotFound, cat("There is nothing at ", path.string(), "; name a checkpoint or a dataset."));
  }
  try {
    LIX_TRY(Report report, looksLikeCheckpoint(path) ? examineCheckpoint(path, progress) : examineDataset(path, progress));
    judge(report);
    return report;
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::NoMemory,
                cat("There is not enough memory to examine ", path.string(), "; close other programs."));
  } catch (const std::exception& problem) {  // LibTorch's
    const std::string text = problem.what();
    return fail(ErrorCode::BadInput,
                cat(path.string(), " cannot be examined: ", text.substr(0, text.find('\n')), "."));
  }
}

}  // namespace lix::study::doctor
