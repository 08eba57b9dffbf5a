#pragma once
#include <QWidget>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QLineEdit;
class QSpinBox;
class QTimer;

namespace lix::app {

/// What a person chose of a figure beyond the page's lists; empty is chosen by the figure.
struct OptionsChoice {
  std::optional<int> shots;
  std::string run;
  std::string x, lines;       ///< of a sweep
  std::string reference;      ///< words of values of papers
  std::string first, second;  ///< of a gain: checkpoints
  int prompts = 1000;
  bool operator==(const OptionsChoice&) const = default;
};

/// What there is to choose from.
struct OptionsOffer {
  std::vector<int> shots;
  std::vector<std::string> runs, checkpoints;
  std::vector<std::string> fields;  ///< settings that the results of a sweep differ in
};

/// The choices that one kind of figure takes; the others are hidden, and have no part in choice().
class FigureOptions : public QWidget {
  Q_OBJECT

 public:
  explicit FigureOptions(QWidget* parent = nullptr);

  void setKind(const std::string& kind);
  /// What was chosen stays where it is still there.
  void setOffer(const OptionsOffer& offer);
  OptionsChoice choice() const;

 Q_SIGNALS:
  void changed();

 private:
  QComboBox* addBox(const char* name, const QString& title, const QString& tip);
  QLineEdit* addField(const char* name, const QString& title, const QString& placeholder, const QString& tip);
  bool uses(const QWidget* control) const;
  QComboBox *shots_, *run_, *first_, *second_, *x_, *lines_;
  QLineEdit* reference_;
  QSpinBox* prompts_;
  QTimer* typed_;
};

}  // namespace lix::app
