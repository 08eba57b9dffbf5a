#pragma once
#include "desk/payload.h"

namespace lix::app {

class Desk;

/// As toMime(payload), for a drag that may also end in the file manager or another program: samples that lie in files go
/// out as those files; drawn ones (emoji, scenes) are written as PNG into a temporary folder when somebody asks for them,
/// the first kMostDrawn of them, which is said. The files go when the program ends. One picture is an image as well, for
/// programs that paste pixels.
QMimeData* toMime(const Payload& payload, Desk& desk);
inline constexpr int kMostDrawn = 20;

}  // namespace lix::app
