#pragma once
#include <QJsonObject>
#include <QWidget>
#include <functional>
#include <string>

#include "base/result.h"
#include "desk/relay.h"
#include "pages/inspect/context_list.h"

class QComboBox;
class QSpinBox;

namespace lix::app {

class DatasetBox;
class Desk;

/// Chooses where the pictures of a context, or of a search, come from; wraps onto more lines where there is little room.
class SourceBar : public QWidget {
  Q_OBJECT

 public:
  /// Sets: datasets and support sets. Everything: the pictures of the page and a selection too, and how many at most.
  enum class Kinds { Sets, Everything };
  /// `name` begins the object names of its parts ("inspect.context" + "Source").
  SourceBar(Desk& desk, const QString& name, Kinds kinds, QWidget* parent = nullptr);

  ContextChoice::Source source() const;
  void setSource(ContextChoice::Source source);
  /// As the controls say it, without pictures.
  ContextChoice choice() const;
  /// Why nothing can be asked yet, "" where something can.
  QString problem() const;
  /// Reads which support sets there are.
  void refresh();
  /// Reads the pictures of the choice's support set and tells them; at once for other sources. A newer call, and
  /// drop(), make it void.
  void load(ContextChoice choice, std::function<void(Result<ContextChoice>)> answer);
  void drop() { storing_.drop(); }

  QJsonObject state() const;
  void restore(const QJsonObject& state);

 Q_SIGNALS:
  void changed();   ///< another choice, by a person or restore()
  void setsRead();  ///< support sets may hold other pictures than before

 private:
  void build(const QString& name, Kinds kinds);
  void buildMost(const QString& name);
  void onChoice();

  Desk& desk_;
  Relay storing_, listing_;
  bool filling_ = false;
  std::string wantedSupport_;
  QComboBox *source_, *split_, *support_;
  DatasetBox* dataset_;
  QSpinBox* most_;
};

}  // namespace lix::app
