#pragma once
#include <QString>

class QApplication;

namespace lix::app {

/// Loads the texts of the language that LIX_LANGUAGE names ("de", "pt_BR"), or of the system's: lixplorer_<locale>.qm in
/// the program's resources (:/translations) or beside the program, and Qt's own texts. Returns the file that was loaded,
/// "" where there is none: the texts are English then.
QString loadTranslation(QApplication& application);

}  // namespace lix::app
