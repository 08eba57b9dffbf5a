#pragma once
#include <QObject>
#include <string>

namespace lix::app {

/// The one adapter that all panels of a support set speak of, unless a panel was set to another by hand. Prototypes at
/// first.
class ShownAdapter : public QObject {
  Q_OBJECT

 public:
  const std::string& id() const { return id_; }
  /// For every panel: what was chosen by hand in one of them holds no longer. An unknown one changes nothing.
  void choose(const std::string& id);
  /// As it was at the last start: a panel that was set to another by hand keeps that.
  void restore(const std::string& id);

 Q_SIGNALS:
  void chosen();
  void restored();

 private:
  bool take(const std::string& id);
  std::string id_ = "prototype";
};

}  // namespace lix::app
