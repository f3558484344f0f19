using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Sums, kernels and layers work in the slots of the row: scoring one allocates nothing.</summary>
public sealed class RegressionAllocationTests
{
    private const string Vectors = "<VectorDictionary><VectorFields><FieldRef field='x'/><FieldRef field='z'/></VectorFields><VectorInstance id='v'><Array>1 2</Array></VectorInstance></VectorDictionary>";

    [Theory]
    [InlineData("<RegressionModel functionName='classification' normalizationMethod='softmax'><MiningSchema/><RegressionTable targetCategory='a'><NumericPredictor name='x' exponent='2' coefficient='1'/><PredictorTerm coefficient='2'><FieldRef field='x'/><FieldRef field='z'/></PredictorTerm></RegressionTable><RegressionTable targetCategory='b'/><RegressionTable targetCategory='c' intercept='1'/></RegressionModel>")]
    [InlineData("<GeneralRegressionModel functionName='classification' modelType='multinomialLogistic' targetReferenceCategory='c'><MiningSchema/><ParameterList/><CovariateList><Predictor name='x'/></CovariateList><PPMatrix><PPCell value='2' predictorName='x' parameterName='p'/></PPMatrix><ParamMatrix><PCell targetCategory='a' parameterName='p' beta='1'/><PCell targetCategory='b' parameterName='p' beta='2'/></ParamMatrix></GeneralRegressionModel>")]
    [InlineData($"<SupportVectorMachineModel functionName='classification' classificationMethod='OneAgainstOne'><MiningSchema/><RadialBasisKernelType/>{Vectors}<SupportVectorMachine targetCategory='a' alternateTargetCategory='b'><SupportVectors><SupportVector vectorId='v'/></SupportVectors><Coefficients><Coefficient value='1'/></Coefficients></SupportVectorMachine></SupportVectorMachineModel>")]
    [InlineData($"<SupportVectorMachineModel functionName='classification' classificationMethod='OneAgainstAll'><MiningSchema/><SigmoidKernelType/>{Vectors}<SupportVectorMachine targetCategory='a'><SupportVectors><SupportVector vectorId='v'/></SupportVectors><Coefficients><Coefficient value='1'/></Coefficients></SupportVectorMachine></SupportVectorMachineModel>")]
    [InlineData("<NeuralNetwork functionName='classification' activationFunction='tanh' normalizationMethod='softmax'><MiningSchema/><NeuralInputs><NeuralInput id='i'><DerivedField optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField></NeuralInput><NeuralInput id='j'><DerivedField optype='continuous' dataType='double'><FieldRef field='z'/></DerivedField></NeuralInput></NeuralInputs><NeuralLayer><Neuron id='n'><Con from='i' weight='1'/><Con from='j' weight='2'/></Neuron><Neuron id='m'><Con from='j' weight='1'/></Neuron></NeuralLayer><NeuralOutputs><NeuralOutput outputNeuron='n'><DerivedField optype='continuous' dataType='double'><NormDiscrete field='y' value='a'/></DerivedField></NeuralOutput><NeuralOutput outputNeuron='m'><DerivedField optype='continuous' dataType='double'><NormDiscrete field='y' value='b'/></DerivedField></NeuralOutput></NeuralOutputs></NeuralNetwork>")]
    public void Classification_allocates_nothing_per_row(string element) => AssertNothing("x z *y=a,b,c", element);

    [Theory]
    [InlineData("<GaussianProcessModel functionName='regression'><MiningSchema/><Output><OutputField name='s' optype='continuous' dataType='double' feature='standardDeviation'/></Output><ARDSquaredExponentialKernel/><TrainingInstances><InstanceFields><InstanceField field='x'/><InstanceField field='z'/><InstanceField field='y'/></InstanceFields><InlineTable><row><x>1</x><z>2</z><y>3</y></row><row><x>2</x><z>1</z><y>0</y></row></InlineTable></TrainingInstances></GaussianProcessModel>")]
    [InlineData("<GeneralRegressionModel functionName='regression' modelType='CoxRegression' endTimeVariable='x'><MiningSchema/><ParameterList/><CovariateList><Predictor name='z'/></CovariateList><PPMatrix><PPCell value='1' predictorName='z' parameterName='p'/></PPMatrix><ParamMatrix><PCell parameterName='p' beta='1'/></ParamMatrix><BaseCumHazardTables maxTime='9'><BaselineCell time='0' cumHazard='1'/></BaseCumHazardTables></GeneralRegressionModel>")]
    public void Regression_allocates_nothing_per_row(string element) => AssertNothing("x z *y", element);

    private static void AssertNothing(string fields, string element)
    {
        using var model = PmmlTest.Open(PmmlTest.Document(fields, element));
        var scorer = model.CreateScorer();
        Assert.Equal(0, Allocations.Of(() => Score(scorer, 200)));
    }

    private static void Score(RowScorer scorer, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            scorer.Set(0, i % 7);
            scorer.Set(1, i % 5);
            scorer.Score();
            for (var output = 0; output < scorer.OutputCount; output++) _ = scorer.TryGetNumber(output, out _);
        }
    }
}
