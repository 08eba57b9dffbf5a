// What figures tell as CSV, by data whose lines are known.
#include <gtest/gtest.h>

#include <cmath>

#include "figures/bars_figure.h"
#include "figures/context_figure.h"
#include "figures/curves_figure.h"
#include "figures/grid_figure.h"
#include "figures/heat_figure.h"
#include "figures/map_figure.h"
#include "figures/plot_figure.h"
#include "figures/series_figure.h"
#include "figures/table_figure.h"
#include "figures/weights_figure.h"

namespace lix::figures {
namespace {

TEST(FigureTable, WeightsAndTheirDifference) {
  WeightsData data;
  data.heads = 1;
  data.tokens = 2;
  data.captions = {{"a \"red\" fox, sitting", {0.25f, 0.75f}}, {"a car", {0.5f, NAN}}};
  EXPECT_EQ(WeightsFigure(data).table(),
            "caption,minus,head,token,weight\n"
            "\"a \"\"red\"\" fox, sitting\",,0,0,0.25\n"
            "\"a \"\"red\"\" fox, sitting\",,0,1,0.75\n"
            "a car,,0,0,0.5\n"
            "a car,,0,1,\n");
  data.captions = {{"x", {0.25f, 0.75f}}, {"y", {0.5f, 0.5f}}};
  data.difference = std::pair(1, 0);
  const std::string table = WeightsFigure(data).table();
  EXPECT_TRUE(table.ends_with("y,x,0,0,0.25\ny,x,0,1,-0.25\n")) << table;
}

TEST(FigureTable, MapsByRowAndColumn) {
  MapData data;
  data.captions = {{"two\nlines", 2, 2, {1.0f, 2.0f, 3.0f, 0.1f}}, {"nothing", 0, 0, {}}};
  EXPECT_EQ(MapFigure(data).table(),
            "caption,row,column,value\n\"two\nlines\",0,0,1\n\"two\nlines\",0,1,2\n\"two\nlines\",1,0,3\n"
            "\"two\nlines\",1,1,0.1\n")
      << "a float is as short as it can be read back";
}

TEST(FigureTable, TheWholeContextAndNotOnlyItsCards) {
  ContextData data;
  data.most = 1;
  data.items = {{{}, "far", 0.25, 1.5, false}, {{}, "near", 0.75, 3.0, false}, {{}, "itself", 0.0, 0.0, true}};
  EXPECT_EQ(ContextFigure(data).table(),
            "label,weight,contribution,masked\nitself,0,0,yes\nnear,0.75,3,no\nfar,0.25,1.5,no\n");
}

TEST(FigureTable, BarsWithTheirIntervals) {
  BarsData data;
  data.series = {"tip", "ridge"};
  data.rows = {{"cat", {{0.5, 0.4, 0.6}, {NAN, NAN, NAN}}}, {"dog", {{1.0, 2.0, 1.0}, {0.75}}}};
  EXPECT_EQ(BarsFigure(data).table(),
            "row,series,value,low,high\ncat,tip,0.5,0.4,0.6\ncat,ridge,,,\ndog,tip,1,,\ndog,ridge,0.75,,\n");
}

TEST(FigureTable, HeatmapsNameTheirCells) {
  HeatData data;
  data.rowLabel = "truth";
  data.columnLabel = "said";
  data.valueLabel = "share";
  data.panels = {{"p", {"a", "b"}, {"x", "y"}, {1, 2, 3, NAN}}};
  EXPECT_EQ(HeatFigure(data).table(), "panel,truth,said,share\np,a,x,1\np,a,y,2\np,b,x,3\np,b,y,\n");
}

TEST(FigureTable, PlotsAndTheirLevels) {
  PlotData data;
  data.xLabel = "k";
  data.panels = {{"", {{"line", "g", Joined::Line, {{1, 2}, {3, 4, 3.5, 4.5, "dot"}}}}, {{"chance", 0.5}}}};
  EXPECT_EQ(PlotFigure(data).table(),
            "panel,series,group,k,y,low,high,label\n,line,g,1,2,,,\n,line,g,3,4,3.5,4.5,dot\n,chance,,,0.5,,,\n");
}

TEST(FigureTable, CurvesAndTheirReferences) {
  CurvesData data;
  data.panels = {{"emoji", {{"Tip", "", {{0, 0.5, NAN, NAN, 1}, {4, 0.75, 0.7, 0.8, 5}}}}, {{"supervised", 0.9}}}};
  EXPECT_EQ(CurvesFigure(data).table(),
            "panel,series,group,shots,accuracy,low,high,n\nemoji,Tip,,0,0.5,,,1\nemoji,Tip,,4,0.75,0.7,0.8,5\n"
            "emoji,supervised,,,0.9,,,\n");
}

TEST(FigureTable, TrainingSeries) {
  SeriesData data;
  data.panels = {{"Loss", Scale::Linear, {{"loss", "run 1", {1, 2, 3}, {4.5, NAN}}}, {{"turn", 2}}, {{"floor", 0.01}}}};
  EXPECT_EQ(SeriesFigure(data).table(),
            "panel,run,series,Step,value\nLoss,run 1,loss,1,4.5\nLoss,run 1,loss,2,\nLoss,,turn,2,\n"
            "Loss,,floor,,0.01\n");
}

TEST(FigureTable, TablesAsTheyStand) {
  TableData data;
  data.corner = "model";
  data.columns = {"top-1, %", "n"};
  data.rows = {{"a", {"61.2", "5"}}, {"b", {"60"}}};
  EXPECT_EQ(TableFigure(data).table(), "model,\"top-1, %\",n\na,61.2,5\nb,60,\n") << "a row that is too short has empty fields";
}

TEST(FigureTable, PredictionsAndVerdicts) {
  GridData data;
  data.items = {{{}, "cat", "dog", Verdict::Wrong}, {{}, "cat", "", Verdict::None}};
  EXPECT_EQ(GridFigure(data).table(), "picture,caption,label,verdict\n1,cat,dog,wrong\n2,cat,,\n");
}

}  // namespace
}  // namespace lix::figures
