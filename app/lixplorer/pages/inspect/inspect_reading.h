#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "data/picture_ref.h"
#include "imaging/image.h"
#include "study/reader/reader.h"

namespace lix::app {

class CheckpointShelf;
class DatasetShelf;

inline constexpr std::size_t kMostPictures = 50;
inline constexpr std::size_t kMostCaptions = 1000;

/// A picture of the page once it was decoded.
struct LoadedPicture {
  data::PictureRef ref;
  std::string name;   ///< the file's, or a sample's first caption
  std::string label;  ///< the same, a sample's with its key
  std::shared_ptr<const imaging::Image> image;
  std::uint64_t hash = 0;  ///< of its pixels
};

struct LoadAnswer {
  std::vector<LoadedPicture> pictures;
  std::vector<data::Skipped> refused;  ///< reasons are whole sentences
};

/// Decodes what is not among `known`, in the order asked for; on the Io lane. Pictures beyond `mostBytes` of pixels in
/// all are refused.
LoadAnswer loadPictures(const DatasetShelf& datasets, const std::vector<data::PictureRef>& wanted,
                        const std::vector<LoadedPicture>& known, std::stop_token stop,
                        std::size_t mostBytes = std::size_t(1) << 30);

/// A picture for one model: as its tower takes it, and the part that it reads, small enough for figures.
struct PreparedPicture {
  imaging::Image read;
  std::shared_ptr<const imaging::Image> shown;
};

/// Pictures prepared once a model, so that new captions cost the same whatever the size of the pictures. Any thread.
class PreparedPictures {
 public:
  std::shared_ptr<const PreparedPicture> get(const study::Reader& reader, const LoadedPicture& picture);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::uint64_t>, std::shared_ptr<const PreparedPicture>>
      made_;  // by the tower's key and pixels
};

struct ReadQuestion {
  std::filesystem::path checkpoint;
  std::vector<LoadedPicture> pictures;
  std::vector<std::string> captions;  ///< none empty
  study::InspectSettings settings;    ///< of evaluation only
};

struct ReadAnswer {
  ReadQuestion question;
  study::ReaderFacts facts;
  study::Reading reading;
  std::vector<std::shared_ptr<const imaging::Image>> shown;  ///< one a picture
  std::vector<std::string> cut;                              ///< one a caption: the note that it was cut, or ""
  std::vector<std::string> notes;                            ///< the other notes
  /// "llip16-tiny-emoji (llip)"
  std::string model() const;
};

/// What the checkpoint makes of them; on the interactive lane. Cancelled where `stop` is asked for on the way.
Result<std::shared_ptr<const ReadAnswer>> readPictures(const CheckpointShelf& checkpoints, ReadQuestion question,
                                                       PreparedPictures& prepared, std::stop_token stop = {});

/// Something to look at where nothing was chosen yet: pictures of the emoji test split and their first captions.
struct FirstLook {
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> captions;
};
/// Empty where the emoji cannot be opened.
FirstLook firstLook(const DatasetShelf& datasets);

/// What dropped paths hold that the page can use.
struct DroppedText {
  std::vector<std::string> captions;
  std::size_t folders = 0;
  std::vector<data::Skipped> refused;
};
/// Text files give a caption a line, at most kMostCaptions; on the Io lane.
DroppedText readDropped(const std::vector<std::filesystem::path>& paths);

enum class ScoreKind { Cosine, Logit, Probability };
const std::vector<float>& valuesOf(const study::ScoreTable& scores, ScoreKind kind);

}  // namespace lix::app
