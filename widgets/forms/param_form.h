#pragma once
#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/param.h"

namespace lix::widgets {

/// A form made from a list of parameters: a check box, number field, slider with number field (bounded logarithmic
/// ones) or text field each, with title, help as tooltip and the default one click away. Values out of range cannot be
/// entered. The fields of a key are named "param.KEY", "slider.KEY" and "reset.KEY", the fold's button "param.more".
class ParamForm : public QWidget {
  Q_OBJECT

 public:
  explicit ParamForm(QWidget* parent = nullptr);
  ~ParamForm() override;

  /// All at their defaults; `changed` is not emitted. `advanced` keys stand in a part that is folded at first.
  void setParams(const std::vector<Param>& params, const std::vector<std::string>& advanced = {});
  /// What stands in number fields instead of 0, by their keys: "off", "automatic (2)". May be set anew at any time.
  void setZeroTexts(const std::map<std::string, QString>& words);
  ParamValues values() const;
  /// Unknown keys are passed over; types must agree (a whole number will do for a real one). Those out of range come to
  /// the nearest bound. `changed` is emitted once, where anything changed.
  void setValues(const ParamValues& values);
  /// Only those that differ from their defaults.
  ParamValues changedValues() const;

 Q_SIGNALS:
  void changed();
  /// A number that was typed is out of range, and its nearest bound was taken.
  void corrected(const QString& sentence);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lix::widgets
