#include "study/doctor/dataset.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "data/dataset.h"
#include "data/source.h"

namespace lix::study::doctor {
namespace {

constexpr std::size_t kMostClasses = 30, kMostReasons = 12, kMostNamed = 5;

std::string titleOf(const data::DatasetSpec& spec) {
  for (const data::Source* source : data::sources::table()) {
    if (source->id == spec.kind) {
      return source->title;
    }
  }
  return spec.kind;
}

std::string percent(std::size_t part, std::size_t whole) { return whole == 0 ? "" : cat((part * 100 + whole / 2) / whole, " %"); }

void describeCounts(const data::Dataset& set, Report& report) {
  Section section{.title = "Pictures and captions", .facts = {}};
  std::size_t captions = 0, silent = 0, longest = 0;
  std::array<std::size_t, 3> splits{};
  std::set<std::string_view> texts;
  for (const data::Sample& sample : set.samples) {
    ++splits[static_cast<std::size_t>(sample.split)];
    captions += sample.captions.size();
    silent += sample.captions.empty() ? 1 : 0;
    for (const std::string& caption : sample.captions) {
      longest = std::max(longest, caption.size());
      texts.insert(caption);
    }
  }
  const std::size_t all = set.samples.size();
  section.facts.push_back({"pictures", std::to_string(all), ""});
  section.facts.push_back({"training", std::to_string(splits[0]), percent(splits[0], all)});
  section.facts.push_back({"validation", std::to_string(splits[1]), percent(splits[1], all)});
  section.facts.push_back({"test", std::to_string(splits[2]), percent(splits[2], all)});
  section.facts.push_back({"captions", std::to_string(captions), captions > texts.size() ? cat(texts.size(), " different ones") : ""});
  if (captions > 0) {
    section.facts.push_back({"longest caption", cat(longest, " bytes"), ""});
    section.facts.push_back({"pictures without a caption", std::to_string(silent), percent(silent, all)});
  }
  report.sections.push_back(std::move(section));
  if (captions == 0 && set.labelSets.empty()) {
    report.findings.push_back({Weight::Remark, Ground::Certain, "There are neither captions nor classes: the pictures can be looked at and embedded, and nothing can be learned or measured from them."});
  } else if (captions > 0 && silent > 0) {
    report.findings.push_back({Weight::Remark, Ground::Certain, cat(silent, " of ", all, " pictures have no caption and take no part in training or retrieval.")});
  }
}

void describeClasses(const data::Dataset& set, Report& report) {
  for (std::size_t which = 0; which < set.labelSets.size(); ++which) {
    const data::LabelSet& labels = set.labelSets[which];
    std::vector<std::size_t> counts(labels.classes.size());
    std::size_t without = 0;
    for (const data::Sample& sample : set.samples) {
      const int label = which < sample.labels.size() ? sample.labels[which] : -1;
      (label >= 0 && std::size_t(label) < counts.size() ? counts[std::size_t(label)] : without) += 1;
    }
    Section section{.title = cat("Classes by ", labels.name), .facts = {}};
    section.facts.push_back({"classes", std::to_string(labels.classes.size()), ""});
    section.facts.push_back({"pictures without a class", std::to_string(without), percent(without, set.samples.size())});
    for (std::size_t i = 0; i < std::min(counts.size(), kMostClasses); ++i) {
      section.facts.push_back({labels.classes[i], cat(counts[i], counts[i] == 1 ? " picture" : " pictures"), ""});
    }
    if (counts.size() > kMostClasses) {
      section.facts.push_back({"", cat("and ", counts.size() - kMostClasses, " more classes"), ""});
    }
    report.sections.push_back(std::move(section));
    const auto empty = std::ranges::count(counts, std::size_t{0});
    if (empty > 0) {
      report.findings.push_back({Weight::Remark, Ground::Certain, cat(empty, empty == 1 ? " class" : " classes", " of ", labels.name, " without a single picture.")});
    }
  }
}

void describeSkipped(const data::Dataset& set, Report& report) {
  if (set.skipped.empty()) {
    return;
  }
  std::map<std::string, std::vector<std::string>> reasons;
  for (const data::Skipped& one : set.skipped) {
    reasons[one.reason].push_back(one.key);
  }
  Section section{.title = "Left out", .facts = {}};
  std::size_t shown = 0;
  for (const auto& [reason, keys] : reasons) {
    if (++shown > kMostReasons) {
      section.facts.push_back({"", cat("and ", reasons.size() - kMostReasons, " more reasons"), ""});
      break;
    }
    section.facts.push_back({cat(keys.size()), reason, cat(keys[0], keys.size() > 1 ? ", ..." : "")});
  }
  report.sections.push_back(std::move(section));
  report.findings.push_back({Weight::Remark, Ground::Certain, cat(set.skipped.size(), set.skipped.size() == 1 ? " thing was" : " things were", " left out; the reasons stand below.")});
}

/// File names that stand in several folders: often one picture twice, or a class folder within a class.
void describeNames(const data::Dataset& set, Report& report) {
  std::map<std::string_view, std::size_t> names;
  for (const data::Sample& sample : set.samples) {
    const std::string_view key = sample.key;
    ++names[key.substr(key.rfind('/') + 1)];
  }
  std::vector<std::string> repeated;
  for (const auto& [name, count] : names) {
    if (count > 1) {
      repeated.push_back(cat(name, " (", count, " times)"));
    }
  }
  if (!repeated.empty()) {
    const std::vector<std::string> first(repeated.begin(), repeated.begin() + std::ptrdiff_t(std::min(repeated.size(), kMostNamed)));
    report.findings.push_back({Weight::Note, Ground::Certain, cat(repeated.size(), repeated.size() == 1 ? " file name stands" : " file names stand", " in several folders: ", join(first, ", "),
                                                                  repeated.size() > kMostNamed ? ", ..." : "", ".")});
  }
}

Result<void> tryPictures(const data::Dataset& set, Report& report, const Progress& progress) {
  const std::size_t all = set.samples.size(), count = std::min(all, kPicturesTried);
  Section section{.title = "Pictures tried", .facts = {}};
  std::vector<std::string> damaged;
  int least = 0, most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!lix::report(progress, "Decoding pictures", (long long)(i), (long long)(count))) {
      return fail(ErrorCode::Cancelled, "Examining the dataset was cancelled.");
    }
    const std::size_t at = i * all / count;
    const auto picture = set.pictures->load(at);
    if (!picture) {
      damaged.push_back(cat(set.samples[at].key, ": ", picture.error().message));
      continue;
    }
    const auto [smaller, larger] = std::minmax(picture->width, picture->height);
    least = least == 0 ? smaller : std::min(least, smaller);
    most = std::max(most, larger);
  }
  section.facts.push_back({"decoded", cat(count, " of ", all), count < all ? "spread evenly; the rest when it is added" : ""});
  section.facts.push_back({"damaged", std::to_string(damaged.size()), ""});
  if (most > 0) {
    section.facts.push_back({"sides", cat(least, " to ", most, " pixels"), ""});
  }
  for (std::size_t i = 0; i < std::min(damaged.size(), kMostNamed); ++i) {
    section.facts.push_back({"", damaged[i], ""});
  }
  report.sections.push_back(std::move(section));
  if (!damaged.empty()) {
    const bool none = damaged.size() == count;
    report.findings.push_back({none ? Weight::Problem : Weight::Remark, Ground::Certain,
                               cat(damaged.size(), " of ", count, " pictures that were tried cannot be read: ", damaged[0])});
    if (none) {
      report.verdict = Verdict::Refused;
      report.sentence = cat("None of ", count, " pictures that were tried can be read: ", damaged[0]);
    }
  }
  return {};
}

Report refused(Report report, const Error& error) {
  report.verdict = Verdict::Refused;
  report.sentence = error.message;
  report.findings.push_back({Weight::Problem, Ground::Certain, error.message});
  return report;
}

}  // namespace

Result<Report> examineDataset(const std::filesystem::path& path, const Progress& progress) {
  Report report{.subject = Subject::Dataset, .path = path, .title = "A dataset"};
  if (!lix::report(progress, "Reading the dataset", 0, 1)) {
    return fail(ErrorCode::Cancelled, "Examining the dataset was cancelled.");
  }
  const auto spec = data::recognise(path.string());
  if (!spec) {
    report.title = "Neither a checkpoint nor a dataset";
    return refused(std::move(report), spec.error());
  }
  report.title = titleOf(*spec);
  Section section{.title = "What it is", .facts = {}};
  section.facts.push_back({"kind", spec->kind, "names and first bytes"});
  if (!spec->path.empty()) {
    section.facts.push_back({"read from", spec->path, ""});
  }
  if (spec->options != "{}") {
    section.facts.push_back({"options", spec->options, "found by looking"});
  }
  report.sections.push_back(std::move(section));
  const auto set = data::open(*spec, path.filename().string());
  if (!set) {
    return refused(std::move(report), set.error());
  }
  describeCounts(*set, report);
  describeClasses(*set, report);
  describeSkipped(*set, report);
  describeNames(*set, report);
  LIX_CHECK(tryPictures(*set, report, progress));
  std::ranges::stable_sort(report.findings, std::greater{}, &Finding::weight);
  return report;
}

}  // namespace lix::study::doctor
