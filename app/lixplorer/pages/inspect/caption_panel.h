#pragma once
#include <QStringList>
#include <QWidget>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QListWidget;
class QListWidgetItem;
class QPushButton;
class QSpinBox;

namespace lix::app {

class CaptionEntry;
class CaptionOffer;

/// How captions are listed: as they were added, by their score with the current picture, or in groups of like mixture
/// weights (of the current picture, of all pictures).
enum class CaptionOrder { Own, Score, GroupsOfPicture, GroupsOfAll };

/// The captions as rows that can be edited and removed, and the line that adds one. Captions have numbers of their own,
/// 0 the one added first; rows show them in another order where that is wanted. Long ones are elided, with the whole
/// text as tooltip; those that a model cuts are marked.
class CaptionPanel : public QWidget {
  Q_OBJECT

 public:
  explicit CaptionPanel(QWidget* parent = nullptr);

  /// Trimmed, none empty, by their own numbers.
  const QStringList& captions() const { return captions_; }
  void setCaptions(const QStringList& captions);
  /// Adds those that are not empty; returns how many did not fit beside kMostCaptions.
  int addCaptions(const QStringList& captions);
  int current() const;
  void setCurrent(int caption);
  /// One a caption: why it is marked, or "".
  void setMarks(const std::vector<std::string>& marks);
  void focusEntry();

  CaptionOrder wantedOrder() const;
  void setWantedOrder(CaptionOrder order);
  int wantedGroups() const;
  void setWantedGroups(int count);
  /// Why captions cannot be grouped, "" where they can.
  void setNoGroups(const QString& reason);
  /// What the rows show, from above, and the group of each caption from 1 on (empty: none). While a caption is edited
  /// nothing moves: orderWanted() comes when that is done.
  void arrange(std::vector<std::size_t> order, std::vector<int> groups);
  const std::vector<std::size_t>& order() const { return order_; }
  /// Splits the selected captions (without a selection of more than one: all) that hold several sentences.
  void splitIntoSentences();

 Q_SIGNALS:
  /// `step` names what was done, for undo.
  void changed(const QString& step);
  void currentChanged(int caption);
  void refused(int count);
  void otherPasted();
  void orderWanted();

 private:
  void build();
  void connectAll();
  QListWidgetItem* makeItem(std::size_t caption) const;
  void fill(int currentRow);
  int rowOf(int caption) const;
  void edited(QListWidgetItem* item);
  void removeSelected();
  void remove(std::vector<std::size_t> captions, const QString& step);
  void split(const std::vector<std::size_t>& captions);
  /// Offers to split what is typed, or what was added last, where it holds several sentences.
  void offer();
  void acceptOffer();

  QStringList captions_;
  std::vector<std::size_t> order_;   // the caption of each row
  std::vector<int> groups_;          // one a caption, or none
  std::vector<std::string> marks_;   // one a caption, or fewer
  std::vector<std::size_t> added_;   // last, and hold several sentences
  QListWidget* list_;
  CaptionEntry* entry_;
  QPushButton* remove_;
  QComboBox* orders_;
  QSpinBox* count_;
  CaptionOffer* offer_;
  bool filling_ = false;
  bool held_ = false;  // an order or marks wait until the editor of a row is closed
};

/// Text for a tooltip: escaped, wrapped, at most some 2,000 characters.
QString tooltipText(const QString& text);

}  // namespace lix::app
