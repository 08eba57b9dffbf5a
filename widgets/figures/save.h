#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "figures/figure.h"

namespace lix::figures {

enum class FileKind { Png, Svg, Pdf };
/// In which colours a window saves what it shows: a PNG as it is seen; drawings, which go into papers, on white.
inline Theme savedTheme(FileKind kind, Theme seen) { return kind == FileKind::Png ? seen : Theme::Light; }

/// The kind of file that a path's extension asks for, or a sentence that names those there are.
Result<FileKind> fileKind(const std::filesystem::path& path);

/// A figure as the bytes of a file: PNG with two pixels a logical pixel, SVG with its text as text, one page of PDF as
/// large as the figure. Width in logical pixels, 160 to 5000; without one the figure's own.
Result<std::string> rendered(const Figure& figure, FileKind kind, Theme theme, std::optional<double> width = {});

/// Draws a figure into a file, which is then whole or absent.
Result<void> save(const Figure& figure, const std::filesystem::path& path, Theme theme,
                  std::optional<double> width = {});

}  // namespace lix::figures
