#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "figures/figure.h"
#include "lixp/session.h"

namespace lix::app {

/// Runs `work` while a QGuiApplication stands, which figures need for their fonts; without QT_QPA_PLATFORM no display
/// is asked for (offscreen). May be nested. From the main thread only; built where LIX_WITH_GUI is on.
Result<Output> withDrawing(const std::function<Result<Output>()>& work);

/// "light" or "dark".
Result<figures::Theme> themeNamed(const std::string& name);

/// Writes a figure as `stem`.png and `stem`.svg and returns the two files.
Result<std::vector<std::filesystem::path>> savePngAndSvg(const figures::Figure& figure,
                                                         const std::filesystem::path& stem, figures::Theme theme);

}  // namespace lix::app
