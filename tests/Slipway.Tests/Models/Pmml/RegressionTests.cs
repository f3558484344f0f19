using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

public sealed class RegressionTests
{
    private const double Precision = 1e-14;

    [Fact]
    public void Regression_sums_numbers_powers_categories_and_products()
    {
        using var model = new PmmlTest("x n:integer color=red,green,blue *y", """
            <RegressionModel functionName="regression"><MiningSchema/>
              <RegressionTable intercept="10">
                <NumericPredictor name="x" coefficient="2"/>
                <NumericPredictor name="x" exponent="3" coefficient="0.5"/>
                <CategoricalPredictor name="color" value="red" coefficient="100"/>
                <CategoricalPredictor name="color" value="green" coefficient="200"/>
                <PredictorTerm coefficient="-1"><FieldRef field="x"/><FieldRef field="n"/></PredictorTerm>
              </RegressionTable>
            </RegressionModel>
            """);

        Assert.Equal(10 + 4 + 4 + 100 - 6.0, model.Score(("x", 2), ("n", 3), ("color", "red"))["y"]);
        Assert.Equal(10 + 4 + 4 - 6.0, model.Score(("x", 2), ("n", 3), ("color", "blue"))["y"]);
    }

    [Fact]
    public void Regression_ignores_a_missing_category_and_has_no_result_for_a_missing_number()
    {
        using var model = new PmmlTest("x z color=red,green *y", """
            <RegressionModel functionName="regression"><MiningSchema/>
              <RegressionTable intercept="1">
                <NumericPredictor name="x" coefficient="2"/>
                <CategoricalPredictor name="color" value="red" coefficient="100"/>
                <PredictorTerm coefficient="1"><FieldRef field="x"/><FieldRef field="z"/></PredictorTerm>
              </RegressionTable>
            </RegressionModel>
            """);

        Assert.Equal(5.0 + 2, model.Score(("x", 2), ("z", 1))["y"]);
        Assert.Null(model.Score(("z", 1), ("color", "red"))["y"]);
        Assert.Null(model.Score(("x", 1), ("color", "red"))["y"]);
    }

    [Fact]
    public void Regression_reads_predictors_from_derived_fields()
    {
        using var model = new PmmlTest("x *y", """
            <RegressionModel functionName="regression"><MiningSchema/>
              <LocalTransformations><DerivedField name="twice" optype="continuous" dataType="double">
                <Apply function="*"><FieldRef field="x"/><Constant dataType="double">2</Constant></Apply></DerivedField></LocalTransformations>
              <RegressionTable intercept="1"><NumericPredictor name="twice" coefficient="10"/><NumericPredictor name="twice" exponent="2" coefficient="1"/></RegressionTable>
            </RegressionModel>
            """);

        Assert.Equal(1 + 60 + 36.0, model.Score(("x", 3))["y"]);
        Assert.Null(model.Score()["y"]);
    }

    [Theory]
    [InlineData("none", 0.4)]
    [InlineData("softmax", 0.598687660112452)]
    [InlineData("logit", 0.598687660112452)]
    [InlineData("exp", 1.4918246976412703)]
    [InlineData("cloglog", 0.7750382064500816)]
    [InlineData("loglog", 0.5115448336890416)]
    [InlineData("cauchit", 0.6211189415908434)]
    [InlineData("probit", 0.6554217416103242)]
    public void Regression_normalizes_its_sum(string method, double expected)
    {
        using var model = new PmmlTest("x *y", $"""
            <RegressionModel functionName="regression" normalizationMethod="{method}"><MiningSchema/>
              <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable></RegressionModel>
            """);

        Assert.Equal(expected, (double)model.Score(("x", 0.4))["y"]!, Precision);
    }

    [Theory]
    [InlineData("none", 0.4)]
    [InlineData("softmax", 0.598687660112452)]
    [InlineData("logit", 0.598687660112452)]
    [InlineData("probit", 0.6554217416103242)]
    [InlineData("cloglog", 0.7750382064500816)]
    [InlineData("loglog", 0.5115448336890416)]
    [InlineData("cauchit", 0.6211189415908434)]
    public void Binary_classification_gives_the_second_category_what_is_left(string method, double first)
    {
        using var model = new PmmlTest("x *y=yes,no", Classification($"normalizationMethod='{method}'", ("yes", 0, 1), ("no", 0, 0)));

        var answer = model.Score(("x", 0.4));

        Assert.Equal(first, (double)answer["yes"]!, Precision);
        Assert.Equal(1 - first, (double)answer["no"]!, Precision);
        Assert.Equal(first > 0.5 ? "yes" : "no", answer["y"]);
    }

    [Fact]
    public void Binary_classification_without_normalization_keeps_its_sum_between_0_and_1()
    {
        using var model = new PmmlTest("x *y=yes,no", Classification("", ("yes", 0, 1), ("no", 0, 0)));

        Assert.Equal((1.0, 0.0), ((double)model.Score(("x", 7))["yes"]!, (double)model.Score(("x", 7))["no"]!));
        Assert.Equal((0.0, 1.0), ((double)model.Score(("x", -7))["yes"]!, (double)model.Score(("x", -7))["no"]!));
    }

    [Fact]
    public void Single_table_decides_between_its_category_and_the_other_of_the_target()
    {
        using var model = new PmmlTest("x *y=yes,no", Classification("normalizationMethod='softmax'", ("no", 0, 1)));

        var answer = model.Score(("x", 0.4));

        Assert.Equal(0.598687660112452, (double)answer["no"]!, Precision);
        Assert.Equal("no", answer["y"]);
    }

    [Fact]
    public void Softmax_gives_probabilities_of_three_categories()
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification("normalizationMethod='softmax'", ("a", 0.1, 0.5), ("b", 0.2, -0.3), ("c", -0.4, 0)));

        var answer = model.Score(("x", 1));

        Assert.Equal(0.53634696, (double)answer["a"]!, 1e-8);
        Assert.Equal(0.26634202, (double)answer["b"]!, 1e-8);
        Assert.Equal(0.19731102, (double)answer["c"]!, 1e-8);
        Assert.Equal("a", answer["y"]);
    }

    [Fact]
    public void Softmax_survives_sums_whose_exponentials_overflow()
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification("normalizationMethod='softmax'", ("a", 0, 1), ("b", 1, 1), ("c", 0, 0)));

        var answer = model.Score(("x", 2000));

        Assert.Equal(1 / (1 + Math.Exp(-1)), (double)answer["b"]!, Precision);
        Assert.Equal(0.0, answer["c"]);
    }

    [Fact]
    public void Simplemax_divides_by_the_sum()
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification("normalizationMethod='simplemax'", ("a", 1, 0), ("b", 0, 1), ("c", 4, 0)));

        Assert.Equal(3.0 / 8, model.Score(("x", 3))["b"]);
    }

    [Fact]
    public void Nominal_classification_without_normalization_gives_the_last_category_what_is_left()
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification("", ("a", 0.25, 0), ("b", 0, 1), ("c", 99, 0)));

        Assert.Equal(0.25, model.Score(("x", 0.5))["c"]);
    }

    [Theory]
    [InlineData("logit", 0.31002551887238755, 0.3581622532957786)]
    [InlineData("probit", 0.2118553985833967, 0.5461809491935303)]
    [InlineData("cloglog", 0.3619438334179813, 0.5045693699239349)]
    [InlineData("loglog", 0.10800897769659155, 0.5005963401078148)]
    [InlineData("cauchit", 0.2852232874772772, 0.4091768247369375)]
    public void Ordinal_classification_takes_links_of_cumulative_probabilities(string method, double low, double middle)
    {
        const string fields = """
            <DataField name="x" optype="continuous" dataType="double"/>
            <DataField name="y" optype="ordinal" dataType="string"><Value value="low"/><Value value="middle"/><Value value="high"/></DataField>
            """;
        var element = Classification($"normalizationMethod='{method}'", ("low", -1, 0.8), ("middle", 0.5, 0.8), ("high", 0, 0))
            .Replace("<MiningSchema/>", "<MiningSchema><MiningField name='x'/><MiningField name='y' usageType='target'/></MiningSchema>", StringComparison.Ordinal);
        using var model = new PmmlTest(fields, element);

        var answer = model.Score(("x", 0.25));

        Assert.Equal(low, (double)answer["low"]!, Precision);
        Assert.Equal(middle, (double)answer["middle"]!, Precision);
        Assert.Equal(1 - low - middle, (double)answer["high"]!, Precision);
    }

    [Fact]
    public void Equal_probabilities_predict_the_first_category()
    {
        using var model = new PmmlTest("x *y=a,b", Classification("normalizationMethod='logit'", ("b", 0, 1), ("a", 0, 0)));

        Assert.Equal("b", model.Score(("x", 0))["y"]);
    }

    [Fact]
    public void Missing_number_leaves_no_category_and_no_probabilities()
    {
        using var model = new PmmlTest("x *y=a,b", Classification("normalizationMethod='logit'", ("a", 0, 1), ("b", 0, 0)));

        var answer = model.Score();

        Assert.All(["y", "a", "b"], name => Assert.Null(answer[name]));
    }

    [Fact]
    public void Float_context_rounds_every_step_to_float32()
    {
        using var model = new PmmlTest("u:float v:float *y:float", """
            <RegressionModel functionName="regression" x-mathContext="float"><MiningSchema/>
              <RegressionTable intercept="0.3"><NumericPredictor name="u" coefficient="0.1"/><NumericPredictor name="v" coefficient="0.2"/></RegressionTable>
            </RegressionModel>
            """);

        Assert.Equal((double)((0.1f * 3f) + (0.2f * 0.7f) + 0.3f), model.Score(("u", 3), ("v", 0.7))["y"]);
    }

    /// <summary>
    /// The standard's linear and polynomial examples, on which engines differ because their target is declared an integer: the text rounds only where a Target has
    /// castInteger, so the sums are the answers.
    /// </summary>
    [Theory]
    [InlineData("132.37", "<NumericPredictor name='age' exponent='1' coefficient='7.1'/><NumericPredictor name='salary' exponent='1' coefficient='0.01'/>", 41.1, 325.03, 609.4)]
    [InlineData("3216.38", "<NumericPredictor name='salary' exponent='1' coefficient='-0.08'/><NumericPredictor name='salary' exponent='2' coefficient='9.54E-7'/><NumericPredictor name='salary' exponent='3' coefficient='-2.67E-12'/>", 93.78, 288.75, 3426.08133)]
    public void Examples_of_the_standard_are_not_rounded_for_their_integer_target(string intercept, string numbers, double park, double street, double expected)
    {
        using var model = new PmmlTest("age salary car_location=carpark,street *number_of_claims:integer", FormattableString.Invariant($"""
            <RegressionModel functionName="regression" modelType="linearRegression" targetFieldName="number_of_claims"><MiningSchema/>
              <RegressionTable intercept="{intercept}">{numbers}
                <CategoricalPredictor name="car_location" value="carpark" coefficient="{park}"/><CategoricalPredictor name="car_location" value="street" coefficient="{street}"/>
              </RegressionTable></RegressionModel>
            """));

        Assert.Equal(expected, (double)model.Score(("age", 20), ("salary", 1000), ("car_location", "street"))["number_of_claims"]!, 1e-9);
    }

    [Theory]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema/></RegressionModel>", "no RegressionTable")]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema/><RegressionTable/><RegressionTable/></RegressionModel>", "one RegressionTable; 2")]
    [InlineData("<RegressionModel functionName='regression' normalizationMethod='simplemax'><MiningSchema/><RegressionTable/></RegressionModel>", "simplemax")]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema/><RegressionTable><NumericPredictor name='color' coefficient='1'/></RegressionTable></RegressionModel>", "'color' is text")]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema/><RegressionTable><NumericPredictor name='z' coefficient='1'/></RegressionTable></RegressionModel>", "'z' is not declared")]
    [InlineData("<RegressionModel functionName='regression' normalizationMethod='cubic'><MiningSchema/><RegressionTable/></RegressionModel>", "cubic")]
    public void Wrong_regression_is_refused_with_its_place(string element, string problem)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x color=red,green *y", element));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classification_with_two_tables_for_a_category_is_refused()
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x *y=a,b", Classification("", ("a", 0, 1), ("a", 0, 0))));

        Assert.Contains("has a RegressionTable already", error.Message, StringComparison.Ordinal);
    }

    private static string Classification(string attributes, params (string Category, double Intercept, double Coefficient)[] tables)
    {
        var outputs = string.Concat(tables.Select(t => t.Category).Concat(tables.Length == 1 ? ["yes"] : []).Distinct().Select(
            c => $"<OutputField name='{c}' optype='continuous' dataType='double' feature='probability' value='{c}'/>"));
        var elements = string.Concat(tables.Select(t => FormattableString.Invariant(
            $"<RegressionTable targetCategory='{t.Category}' intercept='{t.Intercept}'>{(t.Coefficient == 0 ? "" : $"<NumericPredictor name='x' coefficient='{FormattableString.Invariant($"{t.Coefficient}")}'/>")}</RegressionTable>")));
        return $"<RegressionModel functionName='classification' {attributes}><MiningSchema/><Output>{outputs}</Output>{elements}</RegressionModel>";
    }
}
