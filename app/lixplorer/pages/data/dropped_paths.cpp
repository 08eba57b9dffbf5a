#include "pages/data/dropped_paths.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <array>
#include <string_view>

#include "data/file_pictures.h"
#include "data/recognise.h"
#include "study/doctor/doctor.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(DroppedPaths)
};

template <std::size_t N>
bool isOneOf(const std::string& extension, const std::array<std::string_view, N>& known) {
  return std::ranges::find(known, extension) != known.end();
}

FileKind kindOf(const fs::path& path, const std::string& extension) {
  using Names = std::string_view;
  if (path.native().find("://") != std::string::npos) {
    return FileKind::WebAddress;
  }
  if (isOneOf(extension, std::array<Names, 11>{".mp4", ".mkv", ".mov", ".avi", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv",
                                               ".flv", ".ogv"})) {
    return FileKind::Video;
  }
  if (isOneOf(extension, std::array<Names, 10>{".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst",
                                               ".iso"})) {
    return FileKind::Archive;
  }
  if (isOneOf(extension, std::array<Names, 13>{".gif", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".svg", ".psd", ".dng",
                                               ".cr2", ".nef", ".arw", ".pdf"})) {
    return FileKind::OtherPicture;
  }
  if (isOneOf(extension, std::array<Names, 7>{".json", ".jsonl", ".parquet", ".xlsx", ".xls", ".ods", ".arrow"})) {
    return FileKind::OtherTable;
  }
  return FileKind::Other;
}

QString phrase(FileKind kind, std::size_t count) {
  switch (kind) {
    case FileKind::Video:
      return counted(count, Words::tr("1 video (save frames of it as PNG or JPEG)"),
                     Words::tr("%1 videos (save frames of them as PNG or JPEG)"));
    case FileKind::Archive:
      return counted(count, Words::tr("1 archive (unpack it and drop the folder)"),
                     Words::tr("%1 archives (unpack them and drop the folders)"));
    case FileKind::OtherPicture:
      return counted(count, Words::tr("1 picture in a format that is not read (save it as PNG or JPEG)"),
                     Words::tr("%1 pictures in formats that are not read (save them as PNG or JPEG)"));
    case FileKind::OtherTable:
      return counted(count, Words::tr("1 table in a format that is not read (save it as CSV)"),
                     Words::tr("%1 tables in formats that are not read (save them as CSV)"));
    case FileKind::WebAddress:
      return counted(count, Words::tr("1 web address (save the picture first: nothing is downloaded here)"),
                     Words::tr("%1 web addresses (save the pictures first: nothing is downloaded here)"));
    case FileKind::Other:
      break;
  }
  return counted(count, Words::tr("1 other file (pictures, CSV tables and folders can be used)"),
                 Words::tr("%1 other files (pictures, CSV tables and folders can be used)"));
}

}  // namespace

QString counted(std::size_t count, const QString& one, const QString& many) {
  return count == 1 ? one : many.arg(QLocale(QLocale::English).toString(qulonglong(count)));
}

DroppedPaths sortPaths(std::span<const fs::path> paths, std::stop_token stop) {
  DroppedPaths sorted;
  for (const fs::path& path : paths) {
    if (stop.stop_requested()) {
      break;
    }
    const std::string extension = data::lowered(path.extension().string());
    std::error_code error;
    if (const auto kind = kindOf(path, extension); kind == FileKind::WebAddress) {
      sorted.unusable[kind].push_back(path.string());
    } else if (const auto status = fs::status(path, error); status.type() == fs::file_type::directory) {
      sorted.datasets.push_back(path);
    } else if (!fs::exists(status)) {
      sorted.unreadable.push_back({path.string(), "It is not there, or it is a link that leads nowhere."});
    } else if (!fs::is_regular_file(status)) {
      sorted.unreadable.push_back({path.string(), "It is neither a file nor a folder."});
    } else if (data::mayBeDataset(path) || study::doctor::looksLikeCheckpoint(path)) {
      sorted.datasets.push_back(path);
    } else {
      sorted.unusable[kind].push_back(path.string());
    }
  }
  return sorted;
}

QString unusableSentence(const DroppedPaths& paths) {
  QStringList parts;
  for (const auto& [kind, names] : paths.unusable) {
    parts << phrase(kind, names.size());
  }
  if (!paths.unreadable.empty()) {
    parts << counted(paths.unreadable.size(), Words::tr("1 that is not there or cannot be read"),
                     Words::tr("%1 that are not there or cannot be read"));
  }
  return parts.isEmpty() ? QString() : Words::tr("Some of what was dropped cannot be used: %1.").arg(parts.join(", "));
}

QString unusableDetails(const DroppedPaths& paths) {
  QStringList lines;
  for (const auto& [kind, names] : paths.unusable) {
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 1000); ++i) {
      lines << QString::fromStdString(names[i]);
    }
  }
  if (!paths.unreadable.empty()) {
    lines << skippedLines(paths.unreadable);
  }
  return lines.join('\n');
}

QString skippedLines(std::span<const data::Skipped> skipped, std::size_t most) {
  QStringList lines;
  for (const auto& one : skipped.first(std::min(most, skipped.size()))) {
    lines << QString::fromStdString(one.key) + ": " + QString::fromStdString(one.reason);
  }
  if (skipped.size() > most) {
    lines << counted(skipped.size() - most, Words::tr("and 1 more"), Words::tr("and %1 more"));
  }
  return lines.join('\n');
}

}  // namespace lix::app
