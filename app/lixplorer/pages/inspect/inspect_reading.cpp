#include "pages/inspect/inspect_reading.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/file.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "imaging/hash.h"
#include "imaging/resize.h"
#include "shared/datasets.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr int kShownSide = 384;
constexpr std::uintmax_t kMostTextBytes = 4U << 20;
constexpr std::array<const char*, 6> kPlain{"1F408", "1F697", "1F34C", "1F436", "1F332", "1F600"};  // easy to name
constexpr std::size_t kFirstPictures = 3;

imaging::Image atMost(const imaging::Image& picture, int side) {
  const int longer = std::max(picture.width, picture.height);
  if (longer <= side) {
    return picture;
  }
  const auto scaled = [&](int length) { return std::max(1, int(std::int64_t(length) * side / longer)); };
  return imaging::resize(picture, scaled(picture.width), scaled(picture.height), imaging::Filter::Bicubic);
}

void nameIt(const DatasetShelf& datasets, LoadedPicture& picture) {
  picture.name = picture.label = data::shortName(picture.ref);
  const auto opened = picture.ref.isFile() ? nullptr : datasets.peek(picture.ref.dataset);
  if (opened == nullptr) {
    return;
  }
  const auto found = opened->byKey.find(picture.ref.key);
  if (found != opened->byKey.end() && !opened->set.samples[found->second].captions.empty()) {
    picture.name = opened->set.samples[found->second].captions.front();
    picture.label = cat(picture.name, " (", picture.ref.key, ")");
  }
}

}  // namespace

LoadAnswer loadPictures(const DatasetShelf& datasets, const std::vector<data::PictureRef>& wanted,
                        const std::vector<LoadedPicture>& known, std::stop_token stop, std::size_t mostBytes) {
  LoadAnswer answer;
  std::size_t bytes = 0;
  for (const data::PictureRef& ref : wanted) {
    if (stop.stop_requested()) {
      break;
    }
    LoadedPicture picture;
    if (const auto found = std::ranges::find(known, ref, &LoadedPicture::ref); found != known.end()) {
      picture = *found;
    } else {
      auto image = datasets.load(ref);
      if (!image) {
        answer.refused.push_back({data::shortName(ref), image.error().message});
        continue;
      }
      picture.hash = imaging::contentHash(*image);
      picture.image = std::make_shared<const imaging::Image>(std::move(*image));
      picture.ref = ref;
      nameIt(datasets, picture);
    }
    bytes += picture.image->pixels.size();
    if (bytes > mostBytes) {
      bytes -= picture.image->pixels.size();
      answer.refused.push_back(
          {data::shortName(ref), cat(data::shortName(ref),
                                     " does not fit beside the others: the "
                                     "pictures of this page may have ",
                                     mostBytes >> 20, " MB of pixels together; remove some, or make it smaller.")});
      continue;
    }
    answer.pictures.push_back(std::move(picture));
  }
  return answer;
}

std::shared_ptr<const PreparedPicture> PreparedPictures::get(const study::Reader& reader,
                                                             const LoadedPicture& picture) {
  const std::pair key(reader.facts().towerKey, picture.hash);
  {
    const std::scoped_lock guard(mutex_);
    if (const auto found = made_.find(key); found != made_.end()) {
      return found->second;
    }
  }
  auto prepared = std::make_shared<const PreparedPicture>(PreparedPicture{
      study::asRead(reader.evaluator(), *picture.image),
      std::make_shared<const imaging::Image>(atMost(study::partRead(reader.evaluator(), *picture.image), kShownSide))});
  const std::scoped_lock guard(mutex_);
  if (made_.size() >= 8 * kMostPictures) {
    made_.clear();
  }
  return made_[key] = std::move(prepared);
}

std::string ReadAnswer::model() const {
  return facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")");
}

Result<std::shared_ptr<const ReadAnswer>> readPictures(const CheckpointShelf& checkpoints, ReadQuestion question,
                                                       PreparedPictures& prepared, std::stop_token stop) {
  LIX_TRY(const auto reader, checkpoints.open(question.checkpoint));
  auto answer = std::make_shared<ReadAnswer>();
  answer->facts = reader->facts();
  std::vector<imaging::Image> pictures;
  for (const LoadedPicture& picture : question.pictures) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Reading the pictures was stopped.");
    }
    const auto one = prepared.get(*reader, picture);
    pictures.push_back(one->read);
    answer->shown.push_back(one->shown);
  }
  const study::InspectSettings settings = reader->facts().mixture ? question.settings : study::InspectSettings();
  LIX_TRY(answer->reading, reader->read(pictures, question.captions, settings, stop));
  answer->cut.resize(question.captions.size());
  for (const std::string& note : answer->reading.notes) {
    std::size_t number = 0;  // a note about one caption begins with its number, counted from 1
    if (std::sscanf(note.c_str(), "Caption %zu ", &number) == 1 && number >= 1 && number <= answer->cut.size()) {
      answer->cut[number - 1] = note;
    } else {
      answer->notes.push_back(note);
    }
  }
  answer->question = std::move(question);
  return answer;
}

FirstLook firstLook(const DatasetShelf& datasets) {
  FirstLook look;
  const auto opened = datasets.open("emoji");
  if (!opened) {
    return look;
  }
  const data::Dataset& set = (*opened)->set;
  std::vector<std::size_t> chosen;
  const auto take = [&](std::size_t i) {
    if (chosen.size() < kFirstPictures && !set.samples[i].captions.empty() &&
        set.samples[i].split == data::Split::Test && std::ranges::find(chosen, i) == chosen.end()) {
      chosen.push_back(i);
    }
  };
  for (const char* key : kPlain) {
    if (const auto found = (*opened)->byKey.find(key); found != (*opened)->byKey.end()) {
      take(found->second);
    }
  }
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    take(i);
  }
  for (const std::size_t i : chosen) {
    look.pictures.push_back(data::PictureRef::sample(set.name, set.samples[i].key));
    look.captions.push_back(set.samples[i].captions.front());
  }
  return look;
}

DroppedText readDropped(const std::vector<fs::path>& paths) {
  DroppedText dropped;
  for (const fs::path& path : paths) {
    const std::string name = path.filename().string();
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
      ++dropped.folders;
      continue;
    }
    if (data::lowered(path.extension().string()) != ".txt") {
      dropped.refused.push_back({name, cat(name, " is neither a picture nor a text file.")});
      continue;
    }
    const auto text = readFile(path, kMostTextBytes);
    if (!text) {
      dropped.refused.push_back({name, text.error().message});
      continue;
    }
    if (!isUtf8(*text)) {
      dropped.refused.push_back({name, cat(name, " is not UTF-8 text; convert it first.")});
      continue;
    }
    std::string_view all = *text;
    all.remove_prefix(all.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    std::size_t lines = 0;
    for (const std::string& line : split(all, '\n')) {
      const std::string caption(trim(line));
      lines += caption.empty() ? 0 : 1;
      if (!caption.empty() && dropped.captions.size() < kMostCaptions) {
        dropped.captions.push_back(caption);
      }
    }
    if (lines == 0) {
      dropped.refused.push_back({name, cat(name, " holds no caption: every line is empty.")});
    } else if (lines > kMostCaptions) {
      dropped.refused.push_back({name, cat(name, " has ", lines, " lines; the first ", kMostCaptions, " are taken.")});
    }
  }
  return dropped;
}

const std::vector<float>& valuesOf(const study::ScoreTable& scores, ScoreKind kind) {
  switch (kind) {
    case ScoreKind::Logit:
      return scores.logits;
    case ScoreKind::Probability:
      return scores.rule.sigmoid ? scores.probabilities : scores.cosines;
    case ScoreKind::Cosine:
      break;
  }
  return scores.cosines;
}

}  // namespace lix::app
