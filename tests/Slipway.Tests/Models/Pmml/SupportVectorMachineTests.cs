using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values computed in Python from the formulas of the standard (PMML 4.4.1, Support Vector Machine).</summary>
public sealed class SupportVectorMachineTests
{
    private const double Precision = 1e-13;

    /// <summary>f(x) = x, so that thresholds and votes can be tried.</summary>
    private const string Identity = """
        <LinearKernelType/><VectorDictionary><VectorFields><FieldRef field="x"/></VectorFields>
          <VectorInstance id="v"><Array type="real">1</Array></VectorInstance></VectorDictionary>
        """;

    [Theory]
    [InlineData("<LinearKernelType/>", 5.8625)]
    [InlineData("<PolynomialKernelType gamma='0.5' coef0='1.5' degree='3'/>", 38.4953125)]
    [InlineData("<RadialBasisKernelType gamma='0.5'/>", 1.4274847648772733)]
    [InlineData("<SigmoidKernelType gamma='0.5' coef0='1.5'/>", 1.7192541825553704)]
    public void Regression_sums_kernel_values_of_support_vectors(string kernel, double expected)
    {
        using var model = new PmmlTest("a b *y", $"""
            <SupportVectorMachineModel functionName="regression"><MiningSchema/>{kernel}
              <VectorDictionary><VectorFields><FieldRef field="a"/><FieldRef field="b"/></VectorFields>
                <VectorInstance id="p"><Array type="real" n="2">1 2</Array></VectorInstance>
                <VectorInstance id="q"><REAL-SparseArray n="2"><Indices>1 2</Indices><REAL-Entries>-1 0.5</REAL-Entries></REAL-SparseArray></VectorInstance>
                <VectorInstance id="r"><Array type="real" n="2">0.25 -2</Array></VectorInstance></VectorDictionary>
              <SupportVectorMachine><SupportVectors><SupportVector vectorId="p"/><SupportVector vectorId="q"/><SupportVector vectorId="r"/></SupportVectors>
                <Coefficients absoluteValue="0.3"><Coefficient value="0.5"/><Coefficient value="-1.25"/><Coefficient value="2"/></Coefficients></SupportVectorMachine>
            </SupportVectorMachineModel>
            """);

        Assert.Equal(expected, (double)model.Score(("a", 0.7), ("b", -1.1))["y"]!, Precision);
        Assert.Null(model.Score(("a", 0.7))["y"]);
    }

    [Fact]
    public void Coefficients_representation_weighs_the_fields()
    {
        using var model = new PmmlTest("a b *y", """
            <SupportVectorMachineModel functionName="regression" svmRepresentation="Coefficients"><MiningSchema/><LinearKernelType/>
              <VectorDictionary><VectorFields><FieldRef field="a"/><FieldRef field="b"/></VectorFields></VectorDictionary>
              <SupportVectorMachine><Coefficients absoluteValue="10"><Coefficient value="2"/><Coefficient value="-3"/></Coefficients></SupportVectorMachine>
            </SupportVectorMachineModel>
            """);

        Assert.Equal(10 + 2 - 6.0, model.Score(("a", 1), ("b", 2))["y"]);
    }

    /// <summary>
    /// The standard's example of exclusive or, on which engines differ: maxWins is false, so a value below the threshold 0 is the targetCategory:
    /// f(0, 0) = −0.3996 is "no".
    /// </summary>
    [Theory]
    [InlineData(0, 0, "no")]
    [InlineData(0, 1, "yes")]
    [InlineData(1, 0, "yes")]
    [InlineData(1, 1, "no")]
    public void Two_categories_are_told_apart_by_the_threshold(double x1, double x2, string expected)
    {
        using var model = new PmmlTest("x1 x2 *class=no,yes", """
            <SupportVectorMachineModel functionName="classification" svmRepresentation="SupportVectors"><MiningSchema/><RadialBasisKernelType gamma="1.0"/>
              <VectorDictionary><VectorFields><FieldRef field="x1"/><FieldRef field="x2"/></VectorFields>
                <VectorInstance id="mv0"><REAL-SparseArray n="2"/></VectorInstance>
                <VectorInstance id="mv1"><REAL-SparseArray n="2"><Indices>2</Indices><REAL-Entries>1.0</REAL-Entries></REAL-SparseArray></VectorInstance>
                <VectorInstance id="mv2"><REAL-SparseArray n="2"><Indices>1</Indices><REAL-Entries>1.0</REAL-Entries></REAL-SparseArray></VectorInstance>
                <VectorInstance id="mv3"><REAL-SparseArray n="2"><Indices>1 2</Indices><REAL-Entries>1.0 1.0</REAL-Entries></REAL-SparseArray></VectorInstance></VectorDictionary>
              <SupportVectorMachine targetCategory="no" alternateTargetCategory="yes">
                <SupportVectors><SupportVector vectorId="mv0"/><SupportVector vectorId="mv1"/><SupportVector vectorId="mv2"/><SupportVector vectorId="mv3"/></SupportVectors>
                <Coefficients absoluteValue="0"><Coefficient value="-1.0"/><Coefficient value="1.0"/><Coefficient value="1.0"/><Coefficient value="-1.0"/></Coefficients>
              </SupportVectorMachine></SupportVectorMachineModel>
            """);

        Assert.Equal(expected, model.Score(("x1", x1), ("x2", x2))["class"]);
    }

    /// <summary>The standard's example of categorical predictors, on which engines differ: f = 2.0802 is not below the threshold, so the alternateTargetCategory 1 is predicted.</summary>
    [Fact]
    public void Categorical_predictors_are_indicators()
    {
        using var model = new PmmlTest("Age:integer Employment=Private,Consultant,SelfEmp *TARGET=0,1", """
            <SupportVectorMachineModel functionName="classification"><MiningSchema/><PolynomialKernelType coef0="1.0" degree="1.0" gamma="1.0"/>
              <VectorDictionary><VectorFields><FieldRef field="Age"/><CategoricalPredictor name="Employment" value="Private" coefficient="1"/>
                  <CategoricalPredictor name="Employment" value="Consultant" coefficient="1"/><CategoricalPredictor name="Employment" value="SelfEmp"/></VectorFields>
                <VectorInstance id="1"><Array type="real">0.4694971021222236 1 0 0</Array></VectorInstance>
                <VectorInstance id="2"><Array type="real">1.573676552080416 0 1 0</Array></VectorInstance>
                <VectorInstance id="3"><Array type="real">1.9417363687331468 0 0 1</Array></VectorInstance></VectorDictionary>
              <SupportVectorMachine targetCategory="0" alternateTargetCategory="1">
                <SupportVectors><SupportVector vectorId="1"/><SupportVector vectorId="2"/><SupportVector vectorId="3"/></SupportVectors>
                <Coefficients absoluteValue="-1.9484983196017862"><Coefficient value="1"/><Coefficient value="1"/><Coefficient value="-1"/></Coefficients>
              </SupportVectorMachine></SupportVectorMachineModel>
            """);

        Assert.Equal("1", model.Score(("Age", 20), ("Employment", "Private"))["TARGET"]);
        Assert.Equal("0", model.Score(("Age", 1), ("Employment", "SelfEmp"))["TARGET"]);
        Assert.Null(model.Score(("Age", 20))["TARGET"]);
    }

    [Theory]
    [InlineData("", "", 0.5, "b")]
    [InlineData("", "", -0.5, "a")]
    [InlineData("", "", 0, "b")]
    [InlineData("maxWins='true'", "", 0.5, "a")]
    [InlineData("maxWins='true'", "", 0, "b")]
    [InlineData("threshold='2'", "", 1, "a")]
    [InlineData("threshold='2'", "threshold='-1'", 1, "b")]
    public void Threshold_and_maxWins_decide_between_two(string model, string machine, double x, string expected)
    {
        using var test = new PmmlTest("x *y=a,b", Classification($"classificationMethod='OneAgainstOne' {model}", [], Machine($"targetCategory='a' alternateTargetCategory='b' {machine}", 1, 0)));

        Assert.Equal(expected, test.Score(("x", x))["y"]);
    }

    [Fact]
    public void One_against_one_counts_votes_and_breaks_ties_in_the_targets_order()
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification(
            "classificationMethod='OneAgainstOne'", ["a", "b", "c"],
            Machine("targetCategory='a' alternateTargetCategory='b'", 1, 0),
            Machine("targetCategory='a' alternateTargetCategory='c'", -1, 0),
            Machine("targetCategory='b' alternateTargetCategory='c'", 1, -5)));

        var clear = model.Score(("x", 1));
        var tie = model.Score(("x", 9));

        Assert.Equal(("b", 1.0 / 3, 2.0 / 3, 0.0), ((string?)clear["y"], (double)clear["a"]!, (double)clear["b"]!, (double)clear["c"]!));
        Assert.Equal(("a", 1.0 / 3, 1.0 / 3, 1.0 / 3), ((string?)tie["y"], (double)tie["a"]!, (double)tie["b"]!, (double)tie["c"]!));
    }

    [Theory]
    [InlineData("", "b")]
    [InlineData("maxWins='true'", "c")]
    public void One_against_all_takes_the_smallest_value_unless_maxWins(string attributes, string expected)
    {
        using var model = new PmmlTest("x *y=a,b,c", Classification(
            attributes, [], Machine("targetCategory='a'", 1, 0), Machine("targetCategory='b'", 1, -3), Machine("targetCategory='c'", 1, 4)));

        Assert.Equal(expected, model.Score(("x", 1))["y"]);
        Assert.Null(model.Score()["y"]);
    }

    [Theory]
    [InlineData(0.2, "no")]
    [InlineData(0.8, "yes")]
    public void Old_files_name_the_alternate_category_at_the_model(double x, string expected)
    {
        using var model = new PmmlTest("x *y=no,yes", Classification("alternateBinaryTargetCategory='no'", [], Machine("targetCategory='yes'", 1, 0)));

        Assert.Equal(expected, model.Score(("x", x))["y"]);
    }

    [Fact]
    public void Absent_alternate_category_is_the_targets_other_one()
    {
        using var model = new PmmlTest("x *y=a,b", Classification("classificationMethod='OneAgainstOne'", [], Machine("targetCategory='b'", 1, 0)));

        Assert.Equal("b", model.Score(("x", -1))["y"]);
        Assert.Equal("a", model.Score(("x", 1))["y"]);
    }

    [Theory]
    [InlineData("functionName='regression'", "<SupportVector vectorId='w'/>", "<Coefficient value='1'/>", "no VectorInstance with the id 'w'")]
    [InlineData("functionName='regression'", "<SupportVector vectorId='v'/>", "", "0 coefficients for 1 support vectors")]
    [InlineData("functionName='regression' svmRepresentation='Coefficients'", "", "<Coefficient/><Coefficient/>", "2 coefficients for 1 VectorFields")]
    [InlineData("functionName='classification' classificationMethod='OneAgainstOne'", "<SupportVector vectorId='v'/>", "<Coefficient value='1'/>", "'targetCategory'")]
    [InlineData("functionName='regression' classificationMethod='OneAgainstSome'", "", "", "OneAgainstSome")]
    public void Wrong_model_is_refused_with_its_place(string attributes, string vectors, string coefficients, string problem)
    {
        var element = $"""
            <SupportVectorMachineModel {attributes}><MiningSchema/>{Identity}
              <SupportVectorMachine><SupportVectors>{vectors}</SupportVectors><Coefficients>{coefficients}</Coefficients></SupportVectorMachine></SupportVectorMachineModel>
            """;

        var error = Assert.Throws<ModelException>(() => new PmmlTest("x *y", element));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vector_that_claims_another_length_is_refused_before_it_is_made()
    {
        var element = """
            <SupportVectorMachineModel functionName="regression"><MiningSchema/><LinearKernelType/><VectorDictionary><VectorFields><FieldRef field="x"/></VectorFields>
              <VectorInstance id="v"><REAL-SparseArray n="2000000000"/></VectorInstance></VectorDictionary></SupportVectorMachineModel>
            """;

        var error = Assert.Throws<ModelException>(() => new PmmlTest("x *y", element));

        Assert.Contains("has 2000000000 values for 1 VectorFields", error.Message, StringComparison.Ordinal);
    }

    private static string Machine(string attributes, double slope, double constant) => FormattableString.Invariant(
        $"<SupportVectorMachine {attributes}><SupportVectors><SupportVector vectorId='v'/></SupportVectors><Coefficients absoluteValue='{constant}'><Coefficient value='{slope}'/></Coefficients></SupportVectorMachine>");

    private static string Classification(string attributes, string[] probabilities, params string[] machines)
    {
        var outputs = string.Concat(probabilities.Select(c => $"<OutputField name='{c}' optype='continuous' dataType='double' feature='probability' value='{c}'/>"));
        return $"<SupportVectorMachineModel functionName='classification' {attributes}><MiningSchema/><Output>{outputs}</Output>{Identity}{string.Concat(machines)}</SupportVectorMachineModel>";
    }
}
