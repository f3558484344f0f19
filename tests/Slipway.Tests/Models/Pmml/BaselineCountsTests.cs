using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values from scipy.stats (chi2.cdf, chi2_contingency without correction) and a Python program that counts rows in a dictionary.</summary>
public sealed class BaselineCountsTests
{
    private const string Table = """
        <CountTable sample="100"><FieldValueCount field="v" value="a" count="50"/><FieldValueCount field="v" value="b" count="30"/><FieldValueCount field="v" value="c" count="20"/></CountTable>
        """;

    private const string Shares = """
        <NormalizedCountTable sample="40"><FieldValueCount field="v" value="a" count="0.5"/><FieldValueCount field="v" value="b" count="0.3"/><FieldValueCount field="v" value="c" count="0.2"/></NormalizedCountTable>
        """;

    private static readonly string?[] Values = ["a", "b", "b", null, "c", "zz", "a"];
    private static readonly string?[] Weights = ["2.5", "0.5", null, "4", "0", "1.25", "0.3"];
    private static readonly (string?, string?)[] Pairs = [("x", "p"), ("y", "q"), ("x", "q"), ("x", "p"), ("y", "q"), ("y", "q"), ("x", "p"), ("y", "p")];

    [Theory]
    [InlineData("", Table, new[] { 0.9999999999877363, 0.9999580508078799, 0.9999701130273895, 0.9999701130273895, 0.47196505192176935, 0.6265803248597693, 0.32118831342005244 })]
    [InlineData("windowSize='3'", Table, new[] { 0.9999999999877363, 0.9999580508078799, 0.9999701130273895, 0.9999701130273895, 0.9999999999904746, 0.9999999999549252, 0.9999992986054256 })]
    [InlineData("", Shares, new[] { 0.9999598728257122, 0.9830530923768576, 0.9877836919263683, 0.9877836919263683, 0.44352252284943916, 0.5811818773536245, 0.30839369841550984 })]
    public void Chi_square_compares_the_rows_so_far_with_the_table(string attributes, string table, double[] expected) =>
        AssertScores(expected, Test("chiSquareDistribution", attributes, table), Values);

    [Theory]
    [InlineData("", new[] { 0.9999999999898, 0.9999679516965594, 0.9999679516965594, 0.9494758385956038, 0.9494758385956038, 0.9683929816239285, 0.9727376452332119 })]
    [InlineData("windowSize='2'", new[] { 0.9999999999898, 0.9999679516965594, 0.9999679516965594, 0.9999999999977798, 1.0, 0.9999999999881095, 0.9999999999885412 })]
    public void Rows_count_as_much_as_they_weigh(string attributes, double[] expected)
    {
        var values = (string?[])["a", "b", "b", "c", "zz", "a", "a"];
        AssertScores(expected, Test("chiSquareDistribution", attributes + " weightField='w'", Table), values, Weights);
    }

    [Theory]
    [InlineData("", new[] { 50.0, 80, 110, 110, 130, 130, 180 })]
    [InlineData("normalizationScheme='Independent'", new[] { 0.8111071056538127, 0.917662935482247, 0.7980238751210128, 0.7980238751210128, 0.8609460320922786, 0.7970811413304555, 0.9233805168766386 })]
    [InlineData("normalizationScheme='SizeWeighted'", new[] { 0.026308866087871613, 0.04208311415044713, 0.05781865965834428, 0.05781865965834428, 0.06831318970047294, 0.06829524560021014, 0.09448818897637795 })]
    public void Scalar_product_is_divided_as_its_scheme_says(string attributes, double[] expected) => AssertScores(expected, Test("scalarProduct", attributes, Table), Values);

    [Fact]
    public void Values_that_the_dictionary_lists_count_each_and_others_together()
    {
        string[] known = ["a", "a", "a", "a", "a", "b", "b", "b", "c", "c"];
        using var five = Model("v=a,b,c,d,e *score", Test("chiSquareDistribution", "", Table));
        using var four = Model("v:string *score", Test("chiSquareDistribution", "", Table));
        Assert.Equal(0.3282552808876649, Last(five, [.. known, "d", "e"]), 1e-12);
        Assert.Equal(0.4969239992211753, Last(four, [.. known, "yy", "zz"]), 1e-12);
    }

    [Theory]
    [InlineData("<FieldRef field='a'/><FieldRef field='b'/>", "", 8, new[] { double.NaN, 0.8427007929497151, 0.6135237692287675, 0.7517869210100764, 0.8639628718858557, 0.9167354833364496, 0.9527790959964226, 0.8427007929497151 })]
    [InlineData("<FieldRef field='a'/><FieldRef field='b'/>", "windowSize='4'", 8, new[] { double.NaN, 0.8427007929497151, 0.6135237692287675, 0.7517869210100764, 0.7517869210100764, 0.7517869210100764, 0.9544997361036415, 0.7517869210100764 })]
    [InlineData("CountTable 10 20 5 15 8 7", "", 3, new[] { 0.9389565338467112, 0.9081220258603341, 0.9279308988295976 })]
    [InlineData("NormalizedCountTable 0.1 0.3 0 0.4 0.2 0", "", 3, new[] { 0.9970302788961907, 0.9955984836238626, 0.9969795512898013 })]
    public void Fields_are_tested_for_independence(string baseline, string attributes, int rows, double[] expected)
    {
        var words = baseline.Split(' ');
        if (baseline[0] != '<')
        {
            var cells = "pqr".Select((c, i) => (Column: c, X: words[1 + i], Y: words[4 + i])).ToArray();
            baseline = $"<{words[0]} sample='60'><FieldValue field='a' value='x'>{string.Concat(cells.Select(c => $"<FieldValueCount field='b' value='{c.Column}' count='{c.X}'/>"))}</FieldValue>"
                + $"<FieldValue field='a' value='y'>{string.Concat(cells.Select(c => $"<FieldValueCount field='b' value='{c.Column}' count='{c.Y}'/>"))}</FieldValue></{words[0]}>";
        }
        using var model = Model("a=x,y b=p,q,r *score", Test("chiSquareIndependence", attributes, baseline, "a"));
        AssertNear(expected, Scores(model, rows, (i, column) => column == 0 ? Pairs[i].Item1 : Pairs[i].Item2));
    }

    [Fact]
    public void Three_fields_are_tested_for_independence_of_all()
    {
        int[][] rows = [[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [1, 1, 1]];
        using var model = Model("a:integer=0,1 b:integer=0,1 c:integer=0,1 *score", Test("chiSquareIndependence", "", "<FieldRef field='a'/><FieldRef field='b'/><FieldRef field='c'/>", "a"));
        var scores = Scores(model, rows.Length, (i, column) => rows[i][column].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0.7637208452176809, scores[^1], 1e-12);
    }

    [Theory]
    [InlineData(0.5, 1, 0.5204998778130466)]
    [InlineData(3.84, 1, 0.9499564787512949)]
    [InlineData(10, 4, 0.9595723180054873)]
    [InlineData(55.5, 40, 0.9475578205096085)]
    [InlineData(300, 250, 0.9834817268421313)]
    [InlineData(1e-3, 3, 8.40791905804616e-06)]
    [InlineData(1200, 1000, 0.9999877440576694)]
    [InlineData(40.1, 7, 0.9999987954861925)]
    [InlineData(0, 3, 0)]
    [InlineData(1e9, 3, 1)]
    [InlineData(double.PositiveInfinity, 3, 1)]
    public void Chi_square_distribution_agrees_with_scipy(double x, int degrees, double expected) => Assert.Equal(expected, ChiSquare.Cumulative(x, degrees), 1e-12);

    [Theory]
    [InlineData("-1")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    public void Weight_that_is_no_number_of_times_is_refused(string weight)
    {
        using var model = Model("v:string w *score", Test("chiSquareDistribution", "weightField='w'", Table));
        var scorer = model.CreateScorer();
        scorer.Set(0, "a");
        scorer.Set(1, double.Parse(weight, CultureInfo.InvariantCulture));
        if (weight == "NaN")
        {
            scorer.Score();
            Assert.False(scorer.TryGetNumber(0, out _));
            return;
        }
        Assert.Contains("'w'", Assert.Throws<RecordException>(() => scorer.Score()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chiSquareDistribution", "", "<GaussianDistribution mean='1' variance='1'/>", "no CountTable")]
    [InlineData("chiSquareDistribution", "", "<CountTable/>", "counts no values")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValueCount field='v' value='a' count='-1'/></CountTable>", "negative")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValueCount field='v' value='a' count='0'/></CountTable>", "greater than 0")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValueCount field='v' value='a' count='1e308'/><FieldValueCount field='v' value='b' count='1e308'/></CountTable>", "greater than 0")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValueCount field='v' value='a' count='1'/><FieldValueCount field='v' value='a' count='1'/></CountTable>", "counted twice")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValueCount field='u' value='a' count='1'/></CountTable>", "'v' expected")]
    [InlineData("chiSquareDistribution", "", "<CountTable><FieldValue field='v' value='a'><FieldValueCount field='w' value='1' count='1'/></FieldValue></CountTable>", "a value of 2 fields, 1 expected")]
    [InlineData("chiSquareDistribution", "", "<NormalizedCountTable><FieldValueCount field='v' value='a' count='1'/></NormalizedCountTable>", "'sample' is absent")]
    [InlineData("chiSquareDistribution", "windowSize='5000'", Table, "windowSize")]
    [InlineData("chiSquareDistribution", "weightField='v'", Table, "weights are numbers")]
    [InlineData("chiSquareDistribution", "weightField='u'", Table, "'u' is not declared")]
    [InlineData("scalarProduct", "normalizationScheme='Max'", Table, "Max")]
    [InlineData("chiSquareIndependence", "", "<FieldRef field='v'/>", "two fields")]
    [InlineData("chiSquareIndependence", "", "<FieldRef field='v'/><FieldRef field='w'/>", "lists no values")]
    [InlineData("chiSquareIndependence", "", Table, "two fields")]
    public void What_is_wrong_is_said(string statistic, string attributes, string baseline, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Model("v:string w *score", Test(statistic, attributes, baseline))).Message, StringComparison.Ordinal);

    [Fact]
    public void Tables_that_are_too_large_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<FieldValue field='v' value='a'>", 17)) + string.Concat(Enumerable.Repeat("</FieldValue>", 17));
        Assert.Contains("16 fields", Assert.Throws<ModelException>(() => Model("v:string *score", Test("chiSquareIndependence", "", $"<CountTable>{deep}</CountTable>"))).Message, StringComparison.Ordinal);
        var many = string.Join(',', Enumerable.Range(0, 200));
        Assert.Contains("16384 cells", Assert.Throws<ModelException>(() => Model($"v={many} u={many} *score", Test("chiSquareIndependence", "", "<FieldRef field='v'/><FieldRef field='u'/>"))).Message, StringComparison.Ordinal);
    }

    private static string Test(string statistic, string attributes, string baseline, string field = "v") => $"""
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="{field}" testStatistic="{statistic}" {attributes}><Baseline>{baseline}</Baseline></TestDistributions></BaselineModel>
        """;

    private static Slipway.Models.Rows.RowProgramModel Model(string fields, string element) => PmmlTest.Open(PmmlTest.Document(fields, element));

    private static double Last(Slipway.Models.Rows.RowProgramModel model, string[] values) => Scores(model, values.Length, (i, _) => values[i])[^1];

    private static void AssertScores(double[] expected, string element, string?[] values, string?[]? weights = null)
    {
        using var model = Model(weights is null ? "v:string *score" : "v:string w *score", element);
        AssertNear(expected, Scores(model, values.Length, (i, column) => column == 0 ? values[i] : weights![i]));
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    /// <summary>Of the rows one after the other, and twice as a batch, which must agree; NaN where there is none.</summary>
    private static double[] Scores(Slipway.Models.Rows.RowProgramModel model, int rows, Func<int, int, string?> cell)
    {
        var scorer = model.CreateScorer();
        var scores = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            for (var column = 0; column < scorer.InputCount; column++)
            {
                if (cell(i, column) is { } text) scorer.Set(column, text);
                else scorer.SetMissing(column);
            }
            scorer.Score();
            scores[i] = scorer.TryGetNumber(0, out var score) ? score : double.NaN;
        }
        using var inputs = new Batch();
        for (var column = 0; column < scorer.InputCount; column++) inputs.Add(Tensor.OfText(scorer.InputName(column), [.. Enumerable.Range(0, rows).Select(i => cell(i, column))]));
        for (var run = 0; run < 2; run++)
        {
            using var outputs = model.Run(inputs);
            for (var i = 0; i < rows; i++) Assert.Equal(scores[i], outputs["score"].IsMissing(i) ? double.NaN : outputs["score"].NumberAt(i));
        }
        return scores;
    }
}
