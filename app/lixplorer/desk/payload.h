#pragma once
#include <QString>
#include <filesystem>
#include <string>
#include <vector>

#include "data/picture_ref.h"

class QMimeData;

namespace lix::app {

/// What pages hand to each other and what people drop: pictures by reference, captions, and paths that are no pictures
/// by their names. Nothing on the disk is looked at: that is for a lane.
struct Payload {
  std::vector<data::PictureRef> pictures;  ///< samples, and files with a picture's extension
  std::vector<std::string> captions;       ///< lines of dropped or pasted text
  std::vector<std::filesystem::path> paths;  ///< folders, tables, checkpoints, anything else
  bool isEmpty() const { return pictures.empty() && captions.empty() && paths.empty(); }
};

/// For a drag: our own format, and the pictures that are files as URLs for the file manager. The caller owns it.
QMimeData* toMime(const Payload& payload);
Payload fromMime(const QMimeData& mime);
/// Whether fromMime would find anything; cheap, for drag moves.
bool canRead(const QMimeData& mime);

}  // namespace lix::app
