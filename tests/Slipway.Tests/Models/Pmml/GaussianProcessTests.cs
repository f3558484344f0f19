using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>
/// Golden values: for the squared exponential kernels scikit-learn's GaussianProcessRegressor with γ·RBF(λ) + WhiteKernel(noiseVariance), as the authors of the
/// element translate it; for the others numpy.linalg.solve on the formulas.
/// </summary>
public sealed class GaussianProcessTests
{
    private const double Precision = 1e-12;

    private const string Table = """
        <TrainingInstances recordCount="6" fieldCount="3" isTransformed="false">
          <InstanceFields><InstanceField field="a" column="ca"/><InstanceField field="y" column="cy"/><InstanceField field="b" column="cb"/></InstanceFields>
          <InlineTable>
            <row><ca>1</ca><cb>3</cb><cy>1</cy></row><row><ca>2</ca><cb>6</cb><cy>2</cy></row><row><ca>0.5</ca><cb>-1</cb><cy>-0.5</cy></row>
            <row><ca>3</ca><cb>2.5</cb><cy>3.25</cy></row><row><ca>-1.5</ca><cb>4</cb><cy>0.75</cy></row><row><ca>2.2</ca><cb>0.1</cb><cy>-2</cy></row>
          </InlineTable>
        </TrainingInstances>
        """;

    private const string Lambda = "<Lambda><Array n='2' type='real'>1.5 2.0</Array></Lambda>";

    [Theory]
    [InlineData("<RadialBasisKernel gamma='1.5' noiseVariance='0.1' lambda='1.25'/>", 0.6555434733117675, 0.8898428900545524)]
    [InlineData($"<ARDSquaredExponentialKernel gamma='2.5' noiseVariance='0.04'>{Lambda}</ARDSquaredExponentialKernel>", 0.23313237535982934, 0.6241305816625288)]
    [InlineData($"<AbsoluteExponentialKernel gamma='2.5' noiseVariance='0.04'>{Lambda}</AbsoluteExponentialKernel>", 0.5976702623549645, 1.3248201818322578)]
    [InlineData($"<GeneralizedExponentialKernel gamma='2.5' noiseVariance='0.04' degree='1.5'>{Lambda}</GeneralizedExponentialKernel>", 0.5421001036949977, 1.1561379084173173)]
    public void Process_gives_mean_and_standard_deviation(string kernel, double mean, double deviation)
    {
        using var model = new PmmlTest("a b *y", Process(kernel, "<Output><OutputField name='s' optype='continuous' dataType='double' feature='standardDeviation'/></Output>"));

        var answer = model.Score(("a", 1.2), ("b", 2));

        Assert.Equal(mean, (double)answer["y"]!, Precision);
        Assert.Equal(deviation, (double)answer["s"]!, Precision);
    }

    [Fact]
    public void Nearly_noiseless_process_passes_through_its_training_rows()
    {
        using var model = new PmmlTest("a b *y", Process("<RadialBasisKernel noiseVariance='1e-12'/>"));

        Assert.Equal(3.25, (double)model.Score(("a", 3), ("b", 2.5))["y"]!, 1e-9);
    }

    [Fact]
    public void Missing_input_leaves_no_result()
    {
        using var model = new PmmlTest("a b *y", Process("<RadialBasisKernel/>", "<Output><OutputField name='s' optype='continuous' dataType='double' feature='standardDeviation'/></Output>"));

        var answer = model.Score(("a", 1));

        Assert.Null(answer["y"]);
        Assert.Null(answer["s"]);
    }

    [Theory]
    [InlineData("", Table, "it has no kernel")]
    [InlineData("<RadialBasisKernel/>", "", "it has no TrainingInstances")]
    [InlineData("<RadialBasisKernel/>", "<TrainingInstances><InstanceFields/><InlineTable/></TrainingInstances>", "0 rows; 1 to 4096")]
    [InlineData("<RadialBasisKernel/>", "<TrainingInstances><InstanceFields><InstanceField field='a'/></InstanceFields><InlineTable><row><a>1</a></row></InlineTable></TrainingInstances>", "is the target 'y'")]
    [InlineData("<RadialBasisKernel/>", "<TrainingInstances><InstanceFields><InstanceField field='a'/><InstanceField field='y'/></InstanceFields><InlineTable><row><a>x</a><y>1</y></row></InlineTable></TrainingInstances>", "row 1, column 'a': 'x' is not a number")]
    [InlineData("<RadialBasisKernel/>", "<TrainingInstances><InstanceFields><InstanceField field='a'/><InstanceField field='y'/></InstanceFields><InlineTable><row><y>1</y></row></InlineTable></TrainingInstances>", "no column 'a'")]
    [InlineData("<RadialBasisKernel noiseVariance='-1'/>", Table, "noiseVariance")]
    [InlineData("<RadialBasisKernel lambda='0'/>", Table, "not positive")]
    [InlineData("<ARDSquaredExponentialKernel><Lambda><Array>1 2 3</Array></Lambda></ARDSquaredExponentialKernel>", Table, "3 length scales (Lambda) for 2 fields")]
    [InlineData("<RadialBasisKernel noiseVariance='0' lambda='1e9'/>", Table, "not positive definite")]
    public void Wrong_process_is_refused_with_its_place(string kernel, string table, string problem)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("a b *y", Process(kernel, table: table)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    private static string Process(string kernel, string output = "", string table = Table) =>
        $"<GaussianProcessModel functionName='regression'><MiningSchema/>{output}{kernel}{table}</GaussianProcessModel>";
}
