#pragma once
#include <QFrame>

#include "desk/desk.h"
#include "pages/curves/commands.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace lix::app {

class CheckList;
class DatasetBox;

/// Asks for a few-shot measurement and runs it as `lixp eval few-shot`, shown in the job strip.
class MeasureForm : public QFrame {
  Q_OBJECT

 public:
  explicit MeasureForm(Desk& desk, QWidget* parent = nullptr);

  /// Checkpoints that have results keep the names of their curves.
  void setLabels(std::map<std::filesystem::path, std::string> labels);
  /// Ready to be filled in, with this dataset unless one was chosen here before.
  void begin(const std::string& dataset);

 Q_SIGNALS:
  void started();
  void finished(bool good);
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void buildChoices();
  void arrange();
  void refillCheckpoints();
  void askLabelSets();
  void start();
  /// What is missing, in a sentence; "" where it can start.
  QString problem(const MeasureOrder& order) const;
  MeasureOrder order() const;
  void check();

  Desk& desk_;
  Relay labelRelay_;
  std::vector<NamedCheckpoint> known_;  ///< in the order of the list
  std::map<std::filesystem::path, std::string> labels_;  ///< of checkpoint folders
  CheckList *checkpoints_, *adapters_;
  DatasetBox* dataset_;
  QComboBox* labelSet_;
  QLineEdit* shots_;
  QSpinBox* draws_;
  QLabel* problem_;
  QPushButton* start_;
};

}  // namespace lix::app
