using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values computed with numpy and scipy from the formulas of the standard (PMML 4.4.1, General Regression).</summary>
public sealed class GeneralRegressionTests
{
    private const double Precision = 1e-13;

    /// <summary>The parameters a (intercept), b (x), c (x²), d (color = red), e (color = red, times x).</summary>
    private const string Design = """
        <ParameterList><Parameter name="a"/><Parameter name="b"/><Parameter name="c"/><Parameter name="d"/><Parameter name="e"/></ParameterList>
        <FactorList><Predictor name="color"/></FactorList><CovariateList><Predictor name="x"/></CovariateList>
        <PPMatrix>
          <PPCell value="1" predictorName="x" parameterName="b"/><PPCell value="2" predictorName="x" parameterName="c"/>
          <PPCell value="red" predictorName="color" parameterName="d"/>
          <PPCell value="red" predictorName="color" parameterName="e"/><PPCell value="1" predictorName="x" parameterName="e"/>
        </PPMatrix>
        """;

    private const string Fields = "x color=red,green *y";

    [Theory]
    [InlineData("regression")]
    [InlineData("generalLinear")]
    [InlineData("generalizedLinear' linkFunction='identity")]
    public void Linear_model_sums_intercept_covariates_factors_and_interactions(string type)
    {
        using var model = new PmmlTest(Fields, Regression($"modelType='{type}'", ("a", 1), ("b", 10), ("c", 100), ("d", 1000), ("e", 10000)));

        Assert.Equal(1 + 20 + 400 + 1000 + 20000.0, model.Score(("x", 2), ("color", "red"))["y"]);
        Assert.Equal(1 + 20 + 400.0, model.Score(("x", 2), ("color", "green"))["y"]);
    }

    [Fact]
    public void Linear_model_has_no_result_for_missing_predictors()
    {
        using var model = new PmmlTest(Fields, Regression("modelType='regression'", ("a", 1), ("e", 10)));

        Assert.Null(model.Score(("x", 2))["y"]);
        Assert.Null(model.Score(("color", "red"))["y"]);
        Assert.Equal(1.0, model.Score(("color", "green"))["y"]);
    }

    [Theory]
    [InlineData("linkFunction='identity'", 0.4, 0.4)]
    [InlineData("linkFunction='cloglog'", 0.4, 0.7750382064500816)]
    [InlineData("linkFunction='log'", 0.4, 1.4918246976412703)]
    [InlineData("linkFunction='logc'", -0.4, 0.3296799539643607)]
    [InlineData("linkFunction='logit'", 0.4, 0.598687660112452)]
    [InlineData("linkFunction='loglog'", 0.4, 0.5115448336890416)]
    [InlineData("linkFunction='negbin' distParameter='1.5'", -0.4, 1.3554965211464909)]
    [InlineData("linkFunction='oddspower' linkParameter='2'", 0.4, 0.5729490168751578)]
    [InlineData("linkFunction='oddspower' linkParameter='0'", 0.4, 0.598687660112452)]
    [InlineData("linkFunction='power' linkParameter='3'", 0.4, 0.7368062997280773)]
    [InlineData("linkFunction='power' linkParameter='0'", 0.4, 1.4918246976412703)]
    [InlineData("linkFunction='probit'", 0.4, 0.6554217416103242)]
    [InlineData("linkFunction='logit' offsetValue='0.3'", 0.1, 0.598687660112452)]
    [InlineData("linkFunction='log' trialsValue='10'", 0.4, 14.918246976412703)]
    public void Generalized_linear_model_inverts_its_link(string attributes, double x, double expected)
    {
        using var model = new PmmlTest(Fields, Regression($"modelType='generalizedLinear' {attributes}", ("b", 1)));

        Assert.Equal(expected, (double)model.Score(("x", x))["y"]!, Precision);
    }

    [Fact]
    public void Offset_and_trials_come_from_the_row()
    {
        using var model = new PmmlTest("x color=red,green o n:integer *y", Regression("modelType='generalizedLinear' linkFunction='log' offsetVariable='o' trialsVariable='n'", ("b", 1)));

        Assert.Equal(14.918246976412703, (double)model.Score(("x", 0.1), ("o", 0.3), ("n", 10))["y"]!, Precision);
        Assert.Null(model.Score(("x", 0.1), ("n", 10))["y"]);
        Assert.Null(model.Score(("x", 0.1), ("o", 0.3))["y"]);
    }

    [Fact]
    public void Standard_error_comes_from_the_covariances_of_the_parameters()
    {
        using var model = new PmmlTest(Fields, Regression("modelType='generalLinear'", ("a", 1), ("b", 1)).Replace(
            "<ParamMatrix>",
            "<PCovMatrix><PCovCell pRow='a' pCol='a' value='0.04'/><PCovCell pRow='a' pCol='b' value='-0.01'/><PCovCell pRow='b' pCol='b' value='0.0035'/></PCovMatrix><ParamMatrix>",
            StringComparison.Ordinal).Replace("<ParameterList>", "<Output><OutputField name='se' feature='standardError' optype='continuous' dataType='double'/></Output><ParameterList>", StringComparison.Ordinal));

        Assert.Equal(0.1072380529476361, (double)model.Score(("x", 3))["se"]!, Precision);
        Assert.Null(model.Score()["se"]);
    }

    [Fact]
    public void Multinomial_model_has_one_list_of_estimates_for_each_category_but_the_reference()
    {
        using var model = new PmmlTest("x color=red,green *y=a,b,c", Categories(
            "modelType='multinomialLogistic' targetReferenceCategory='a'", ["a", "b", "c"], ("b", "a", 1), ("b", "b", 0.5), ("c", "a", -0.3), ("c", "b", 0.1)));

        var answer = model.Score(("x", 2));

        Assert.Equal("b", answer["y"]);
        Assert.Equal(0.7950442, (double)answer["b"]!, 1e-7);
        Assert.Equal(0.09735827, (double)answer["c"]!, 1e-8);
        Assert.Equal(0.10759753, (double)answer["a"]!, 1e-8);
    }

    [Fact]
    public void Multinomial_model_shifts_all_but_the_reference_by_its_offset()
    {
        using var model = new PmmlTest("x color=red,green *y=a,b,c", Categories(
            "modelType='multinomialLogistic' targetReferenceCategory='a' offsetValue='0.5'", ["a", "b", "c"], ("b", "a", 0.5), ("b", "b", 0.5), ("c", "a", -0.8), ("c", "b", 0.1)));

        var answer = model.Score(("x", 2));

        Assert.Equal(0.7950442, (double)answer["b"]!, 1e-7);
        Assert.Equal(0.10759753, (double)answer["a"]!, 1e-8);
    }

    [Fact]
    public void Reference_category_is_the_one_without_estimates()
    {
        using var model = new PmmlTest("x color=red,green *y=no,yes", Categories(
            "modelType='generalizedLinear' linkFunction='probit'", ["no", "yes"], ("yes", "b", 1)));

        var answer = model.Score(("x", 0.4));

        Assert.Equal("yes", answer["y"]);
        Assert.Equal(0.6554217416103242, (double)answer["yes"]!, Precision);
        Assert.Equal(1 - 0.6554217416103242, (double)answer["no"]!, Precision);
    }

    [Theory]
    [InlineData("logit", 0.31002551887238755, 0.3581622532957786)]
    [InlineData("probit", 0.2118553985833967, 0.5461809491935303)]
    [InlineData("cloglog", 0.3619438334179813, 0.5045693699239349)]
    [InlineData("loglog", 0.10800897769659155, 0.5005963401078148)]
    [InlineData("cauchit", 0.2852232874772772, 0.4091768247369375)]
    public void Ordinal_model_has_an_intercept_for_each_category_and_common_slopes(string link, double low, double middle)
    {
        using var model = new PmmlTest("x color=red,green *y=low,middle,high", Categories(
            $"modelType='ordinalMultinomial' cumulativeLink='{link}'", ["low", "middle", "high"], ("low", "a", -1), ("middle", "a", 0.5), ("", "b", 0.8)));

        var answer = model.Score(("x", 0.25));

        Assert.Equal(low, (double)answer["low"]!, Precision);
        Assert.Equal(middle, (double)answer["middle"]!, Precision);
        Assert.Equal(1 - low - middle, (double)answer["high"]!, Precision);
    }

    /// <summary>
    /// The standard's example with contrast matrices, on whose answer engines differ: a factor counts what the matrix has in the row of its actual category and the
    /// column that the PPCell's value names by a category. So jobcat = 3 counts −⅓ in the first and −½ in the second column, and Low has the probability 0.8196.
    /// </summary>
    [Fact]
    public void Contrast_matrix_gives_the_row_of_the_category_and_the_column_of_the_cell()
    {
        using var model = new PmmlTest("gender=f,m educ jobcat:integer=1,2,3 salbegin *salCat=Low,High", """
            <GeneralRegressionModel modelType="multinomialLogistic" functionName="classification" targetReferenceCategory="High"><MiningSchema/>
              <Output><OutputField name="low" optype="continuous" dataType="double" feature="probability" value="Low"/></Output>
              <ParameterList><Parameter name="1"/><Parameter name="2"/><Parameter name="3"/><Parameter name="4"/><Parameter name="5"/><Parameter name="6"/><Parameter name="8"/></ParameterList>
              <FactorList>
                <Predictor name="gender" contrastMatrixType="Simple"><Categories><Category value="f"/><Category value="m"/></Categories>
                  <Matrix nbRows="2" nbCols="1"><Array type="real" n="1">.5</Array><Array type="real" n="1">-.5</Array></Matrix></Predictor>
                <Predictor name="jobcat" contrastMatrixType="Helmert"><Categories><Category value="1"/><Category value="2"/><Category value="3"/></Categories>
                  <Matrix nbRows="3" nbCols="2"><Array type="real" n="2">.666666666667 0</Array><Array type="real" n="2">-.333333333333 .5</Array><Array type="real" n="2">-.333333333333 -.5</Array></Matrix></Predictor>
              </FactorList>
              <CovariateList><Predictor name="educ"/><Predictor name="salbegin"/></CovariateList>
              <PPMatrix>
                <PPCell value="f" predictorName="gender" parameterName="2"/><PPCell value="1" predictorName="educ" parameterName="3"/>
                <PPCell value="1" predictorName="jobcat" parameterName="4"/><PPCell value="2" predictorName="jobcat" parameterName="5"/>
                <PPCell value="f" predictorName="gender" parameterName="6"/><PPCell value="1" predictorName="jobcat" parameterName="6"/>
                <PPCell value="1" predictorName="educ" parameterName="8"/><PPCell value="f" predictorName="gender" parameterName="8"/><PPCell value="1" predictorName="salbegin" parameterName="8"/>
              </PPMatrix>
              <ParamMatrix>
                <PCell targetCategory="Low" parameterName="1" beta="17.0599111512836"/><PCell targetCategory="Low" parameterName="2" beta="-2.79578119817189"/>
                <PCell targetCategory="Low" parameterName="3" beta="-0.625739483585618"/><PCell targetCategory="Low" parameterName="4" beta="-5.76523337984277"/>
                <PCell targetCategory="Low" parameterName="5" beta="17.743574615114"/><PCell targetCategory="Low" parameterName="6" beta="0.421913613872923"/>
                <PCell targetCategory="Low" parameterName="8" beta="1.1136356754678E-005"/>
              </ParamMatrix>
            </GeneralRegressionModel>
            """);

        var answer = model.Score(("gender", "f"), ("educ", 19), ("jobcat", 3), ("salbegin", 45000));

        Assert.Equal("Low", answer["salCat"]);
        Assert.Equal(0.8195647018563618, (double)answer["low"]!, Precision);
    }

    /// <summary>
    /// The standard's Cox examples, on which engines differ: the predicted value is the cumulative hazard H₀(t) · exp(x·β − x₀·β), from which survival is exp(−H);
    /// so 2.3336 for 5 children at happy = 1 and educ = 19, and in the third stratum 2.0168.
    /// </summary>
    [Theory]
    [InlineData(5, 2.333626826088635)]
    [InlineData(5.9, 2.333626826088635)]
    [InlineData(0.5, 0.0)]
    [InlineData(8.5, null)]
    public void Cox_regression_gives_the_cumulative_hazard_at_the_end_time(double time, double? expected)
    {
        using var model = new PmmlTest("childs happy:integer=1,2,3 educ *life", Cox("", """
            <BaseCumHazardTables maxTime="8"><BaselineCell time="5" cumHazard="0.782436645962723"/><BaselineCell time="1" cumHazard="0.0805149154781295"/><BaselineCell time="6" cumHazard="0.898256334351415"/></BaseCumHazardTables>
            """, 2.19176500383392, 0.207006511267958, -0.124788379173099));

        var life = model.Score(("childs", time), ("happy", 1), ("educ", 19))["life"];

        if (expected is { } hazard) Assert.Equal(hazard, (double)life!, Precision);
        else Assert.Null(life);
    }

    [Fact]
    public void Cox_regression_takes_the_baseline_of_the_rows_stratum()
    {
        using var model = new PmmlTest("childs happy:integer=1,2,3 educ region:integer *life", Cox("baselineStrataVariable='region'", """
            <BaseCumHazardTables><BaselineStratum value="1" maxTime="7"><BaselineCell time="1" cumHazard="9"/></BaselineStratum>
              <BaselineStratum value="3" maxTime="8"><BaselineCell time="5" cumHazard="0.562653812085775"/></BaselineStratum></BaseCumHazardTables>
            """, 1.96429877799117, 0.186388616742954, -0.0964727062694649));

        Assert.Equal(2.0168104388036294, (double)model.Score(("childs", 5), ("happy", 1), ("educ", 19), ("region", 3))["life"]!, Precision);
        Assert.Null(model.Score(("childs", 5), ("happy", 1), ("educ", 19), ("region", 2))["life"]);
        Assert.Null(model.Score(("childs", 5), ("happy", 1), ("educ", 19))["life"]);
    }

    [Fact]
    public void Cox_regression_without_parameters_is_its_baseline()
    {
        using var model = new PmmlTest("t *h", """
            <GeneralRegressionModel modelType="CoxRegression" functionName="regression" endTimeVariable="t"><MiningSchema/>
              <ParameterList/><PPMatrix/><ParamMatrix/><BaseCumHazardTables maxTime="9"><BaselineCell time="1" cumHazard="0.5"/></BaseCumHazardTables></GeneralRegressionModel>
            """);

        Assert.Equal(0.5, model.Score(("t", 2))["h"]);
    }

    [Theory]
    [InlineData("modelType='generalizedLinear'", "needs the attribute 'linkFunction'")]
    [InlineData("modelType='generalizedLinear' linkFunction='power'", "needs the attribute 'linkParameter'")]
    [InlineData("modelType='generalizedLinear' linkFunction='negbin'", "needs the attribute 'distParameter'")]
    [InlineData("modelType='logLinear'", "logLinear")]
    [InlineData("modelType='CoxRegression'", "needs the attribute 'endTimeVariable'")]
    [InlineData("modelType='CoxRegression' endTimeVariable='x'", "no BaselineCell")]
    [InlineData("modelType='multinomialLogistic'", "functionName=\"classification\"")]
    [InlineData("modelType='generalizedLinear' linkFunction='log' offsetVariable='color'", "'color' is text")]
    public void Wrong_model_is_refused_with_its_place(string attributes, string problem)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest(Fields, Regression(attributes, ("b", 1))));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    private static string Regression(string attributes, params (string Parameter, double Beta)[] estimates)
    {
        var cells = string.Concat(estimates.Select(e => FormattableString.Invariant($"<PCell parameterName='{e.Parameter}' beta='{e.Beta}'/>")));
        return $"<GeneralRegressionModel functionName='regression' {attributes}><MiningSchema/>{Design}<ParamMatrix>{cells}</ParamMatrix></GeneralRegressionModel>";
    }

    private static string Categories(string attributes, string[] categories, params (string Category, string Parameter, double Beta)[] estimates)
    {
        var outputs = string.Concat(categories.Select(c => $"<OutputField name='{c}' optype='continuous' dataType='double' feature='probability' value='{c}'/>"));
        var cells = string.Concat(estimates.Select(e => FormattableString.Invariant(
            $"<PCell {(e.Category.Length == 0 ? "" : $"targetCategory='{e.Category}'")} parameterName='{e.Parameter}' beta='{e.Beta}'/>")));
        return $"<GeneralRegressionModel functionName='classification' {attributes}><MiningSchema/><Output>{outputs}</Output>{Design}<ParamMatrix>{cells}</ParamMatrix></GeneralRegressionModel>";
    }

    private static string Cox(string attributes, string baselines, double happy, double educ, double both) => FormattableString.Invariant($"""
        <GeneralRegressionModel modelType="CoxRegression" functionName="regression" endTimeVariable="childs" {attributes}><MiningSchema/>
          <ParameterList><Parameter name="1" referencePoint="0"/><Parameter name="4" referencePoint="12.85536159601"/><Parameter name="5" referencePoint="0"/></ParameterList>
          <FactorList><Predictor name="happy"/></FactorList><CovariateList><Predictor name="educ"/></CovariateList>
          <PPMatrix><PPCell value="1" predictorName="happy" parameterName="1"/><PPCell value="1" predictorName="educ" parameterName="4"/>
            <PPCell value="1" predictorName="happy" parameterName="5"/><PPCell value="1" predictorName="educ" parameterName="5"/></PPMatrix>
          <ParamMatrix><PCell parameterName="1" beta="{happy}"/><PCell parameterName="4" beta="{educ}"/><PCell parameterName="5" beta="{both}"/></ParamMatrix>
          {baselines}
        </GeneralRegressionModel>
        """);
}
