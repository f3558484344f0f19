using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values computed in Python from the formulas of the standard (PMML 4.4.1, Neural Network).</summary>
public sealed class NeuralNetworkTests
{
    private const double Precision = 1e-13;

    private const string Inputs = """
        <NeuralInputs>
          <NeuralInput id="i1"><DerivedField optype="continuous" dataType="double"><FieldRef field="x1"/></DerivedField></NeuralInput>
          <NeuralInput id="i2"><DerivedField optype="continuous" dataType="double"><FieldRef field="x2"/></DerivedField></NeuralInput>
        </NeuralInputs>
        """;

    [Theory]
    [InlineData("threshold", 1.75)]
    [InlineData("logistic", 0.8039835555896406)]
    [InlineData("tanh", 2.881563311342349)]
    [InlineData("identity", 3.75)]
    [InlineData("exponential", 2.9550378539805955)]
    [InlineData("reciprocal", 3.864130434782609)]
    [InlineData("square", -1.4349999999999994)]
    [InlineData("Gauss", 0.5080020404375245)]
    [InlineData("sine", 3.151562016870326)]
    [InlineData("cosine", 0.47808518225243335)]
    [InlineData("Elliott", 1.9864341085271318)]
    [InlineData("arctan", 1.9830170953110522)]
    [InlineData("rectifier", 1.4500000000000002)]
    public void Layers_apply_their_activation_function(string activation, double expected)
    {
        using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='identity' threshold='9'", $"""
            <NeuralLayer activationFunction="{activation}" threshold="0.3">{Hidden}</NeuralLayer><NeuralLayer>{Last}</NeuralLayer>
            """, Output("o", "<FieldRef field='y'/>")));

        Assert.Equal(expected, (double)model.Score(("x1", 0.5), ("x2", -1.5))["y"]!, Precision);
    }

    [Theory]
    [InlineData("width='0.75'", "altitude='3'", "width='2' altitude='1.5'", -9.3767692867941)]
    [InlineData("", "", "width='2'", 0.3040622717711823)]
    public void Radial_basis_neurons_have_width_and_altitude(string first, string second, string layer, double expected)
    {
        using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='radialBasis'", $"""
            <NeuralLayer {layer}>
              <Neuron id="h1" bias="77" {first}><Con from="i1" weight="0.8"/><Con from="i2" weight="-0.2"/></Neuron>
              <Neuron id="h2" {second}><Con from="i1" weight="0.3"/><Con from="i2" weight="0.6"/></Neuron>
            </NeuralLayer>
            <NeuralLayer activationFunction="identity">{Last}</NeuralLayer>
            """, Output("o", "<FieldRef field='y'/>")));

        Assert.Equal(expected, (double)model.Score(("x1", 0.5), ("x2", -1.5))["y"]!, Precision);
    }

    [Theory]
    [InlineData("normalizationMethod='softmax'", "", 0.8754466418125836, "a")]
    [InlineData("", "normalizationMethod='softmax'", 0.8754466418125836, "a")]
    [InlineData("normalizationMethod='simplemax'", "", -2.285714285714287, "b")]
    [InlineData("normalizationMethod='softmax'", "normalizationMethod='none'", 0.8, "a")]
    public void Classification_takes_the_category_of_the_greatest_output(string network, string layer, double expected, string winner)
    {
        using var model = new PmmlTest("x1 x2 *y=b,a", Network("classification", $"activationFunction='identity' {network}", $"<NeuralLayer {layer}>{Hidden}</NeuralLayer>",
            Output("h1", "<NormDiscrete field='y' value='a'/>") + Output("h2", "<NormDiscrete field='y' value='b'/>"), """
            <Output><OutputField name="p" optype="continuous" dataType="double" feature="probability" value="a"/>
              <OutputField name="neuron" optype="categorical" dataType="string" feature="entityId"/></Output>
            """));

        var answer = model.Score(("x1", 0.5), ("x2", -1.5));

        Assert.Equal(winner, answer["y"]);
        Assert.Equal(winner == "a" ? "h1" : "h2", answer["neuron"]);
        Assert.Equal(expected, (double)answer["p"]!, Precision);
    }

    [Fact]
    public void Single_output_of_two_categories_leaves_the_rest_to_the_other()
    {
        using var model = new PmmlTest("x1 x2 *y=no,yes", Network("classification", "activationFunction='logistic'", $"<NeuralLayer>{Hidden}</NeuralLayer>",
            Output("h2", "<NormDiscrete field='y' value='yes'/>")));

        Assert.Equal("no", model.Score(("x1", 0.5), ("x2", -1.5))["y"]);
        Assert.Equal("yes", model.Score(("x1", 2), ("x2", 1))["y"]);
    }

    [Theory]
    [InlineData(0.3, 645.84)]
    [InlineData(0.676, 3067.3352)]
    [InlineData(0.5, 1291.68)]
    [InlineData(0.05, -161.46)]
    [InlineData(0.95, 5831.7075)]
    public void Output_is_taken_back_through_its_normalization(double neuron, double expected)
    {
        using var model = new PmmlTest("x *y", """
            <NeuralNetwork functionName="regression" activationFunction="identity"><MiningSchema/>
              <NeuralInputs><NeuralInput id="i"><DerivedField optype="continuous" dataType="double"><FieldRef field="x"/></DerivedField></NeuralInput></NeuralInputs>
              <NeuralLayer><Neuron id="o"><Con from="i" weight="1"/></Neuron></NeuralLayer>
              <NeuralOutputs><NeuralOutput outputNeuron="o"><DerivedField optype="continuous" dataType="double"><NormContinuous field="y">
                <LinearNorm orig="0" norm="0.1"/><LinearNorm orig="1291.68" norm="0.5"/><LinearNorm orig="5327.26" norm="0.9"/></NormContinuous></DerivedField></NeuralOutput></NeuralOutputs>
            </NeuralNetwork>
            """);

        Assert.Equal(expected, (double)model.Score(("x", neuron))["y"]!, 1e-9);
    }

    [Fact]
    public void Descending_normalization_is_taken_back_too()
    {
        using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='identity'", $"<NeuralLayer>{Hidden}</NeuralLayer>",
            Output("h1", "<NormContinuous field='y'><LinearNorm orig='0' norm='1'/><LinearNorm orig='10' norm='0.5'/><LinearNorm orig='110' norm='0'/></NormContinuous>")));

        Assert.Equal(4.0, (double)model.Score(("x1", 0.5), ("x2", -1.5))["y"]!, Precision);
        Assert.Equal(70.0, (double)model.Score(("x1", 0.125), ("x2", 0))["y"]!, Precision);
    }

    /// <summary>
    /// The standard's insurance example, on which engines differ because its target is declared an integer: nothing in the text rounds a prediction, so the
    /// value is the denormalised one.
    /// </summary>
    [Fact]
    public void Insurance_example_of_the_standard_gives_its_claims()
    {
        string[] weights =
        [
            "-2.08148 3.69657 -1.89986 5.61779 0.427558 -1.25971 -6.55549 -4.62773 1.97525 -1.0962",
            "-0.698997 -3.54943 -3.29632 -1.20931 1.00497 0.033502 1.12016 0.523197 -2.96135 -0.398626",
            "0.904057 1.75084 2.51658 -0.151895 -2.88008 0.920063 -3.30742 -1.72251 -1.13156 -0.758563",
        ];
        string[] indicators = ["gender:male", "claims:0", "claims:1", "claims:3", "claims:4", "claims:2", "domicile:suburban", "domicile:urban", "domicile:rural"];
        var inputs = string.Concat(indicators.Select((text, i) =>
            $"<NeuralInput id='{i + 1}'><DerivedField optype='continuous' dataType='double'><NormDiscrete field='{text.Split(':')[0]}' value='{text.Split(':')[1]}'/></DerivedField></NeuralInput>"));
        var neurons = string.Concat(weights.Select((row, n) =>
            $"<Neuron id='{n + 10}'>{string.Concat(row.Split(' ').Select((w, i) => $"<Con from='{i}' weight='{w}'/>"))}</Neuron>"));
        using var model = new PmmlTest("gender=female,male claims=0,1,3,4,2 domicile=suburban,urban,rural age *amount:integer", $"""
            <NeuralNetwork functionName="regression" activationFunction="logistic"><MiningSchema/>
              <NeuralInputs><NeuralInput id="0"><DerivedField optype="continuous" dataType="double"><NormContinuous field="age">
                <LinearNorm orig="0.01" norm="0"/><LinearNorm orig="3.07897" norm="0.5"/><LinearNorm orig="11.44" norm="1"/></NormContinuous></DerivedField></NeuralInput>{inputs}</NeuralInputs>
              <NeuralLayer>{neurons}</NeuralLayer>
              <NeuralLayer><Neuron id="13"><Con from="10" weight="0.76617"/><Con from="11" weight="-1.5065"/><Con from="12" weight="0.999797"/></Neuron></NeuralLayer>
              <NeuralOutputs><NeuralOutput outputNeuron="13"><DerivedField optype="continuous" dataType="double"><NormContinuous field="amount">
                <LinearNorm orig="0" norm="0.1"/><LinearNorm orig="1291.68" norm="0.5"/><LinearNorm orig="5327.26" norm="0.9"/></NormContinuous></DerivedField></NeuralOutput></NeuralOutputs>
            </NeuralNetwork>
            """);

        Assert.Equal(3067.303188661801, (double)model.Score(("gender", "female"), ("claims", "0"), ("domicile", "suburban"), ("age", 5))["amount"]!, 1e-9);
    }

    [Fact]
    public void Outputs_go_to_their_targets()
    {
        using var model = new PmmlTest("x1 x2 *y *z=a,b", Network("regression", "activationFunction='identity'", $"<NeuralLayer>{Hidden}</NeuralLayer>",
            Output("h1", "<NormDiscrete field='z' value='a'/>") + Output("h2", "<NormDiscrete field='z' value='b'/>") + Output("h2", "<FieldRef field='twice'/>"),
            "<LocalTransformations><DerivedField name='twice' optype='continuous' dataType='double'><NormContinuous field='y'><LinearNorm orig='0' norm='0'/><LinearNorm orig='1' norm='2'/></NormContinuous></DerivedField></LocalTransformations>"));

        var answer = model.Score(("x1", 0.5), ("x2", -1.5));

        Assert.Equal(-1.15 / 2, (double)answer["y"]!, Precision);
        Assert.Equal("a", answer["z"]);
    }

    [Fact]
    public void Connections_may_skip_layers_and_leave_neurons_out()
    {
        using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='identity'", $"""
            <NeuralLayer>{Hidden}</NeuralLayer>
            <NeuralLayer><Neuron id="k1"><Con from="h2" weight="2"/></Neuron><Neuron id="k2" bias="1"><Con from="i1" weight="3"/><Con from="h1" weight="-1"/></Neuron></NeuralLayer>
            <NeuralLayer><Neuron id="o"><Con from="k2" weight="10"/><Con from="k1" weight="1"/><Con from="i2" weight="100"/></Neuron></NeuralLayer>
            """, Output("o", "<FieldRef field='y'/>")));

        Assert.Equal((10 * (1 + 1.5 - 0.8)) - 2.3 - 150, (double)model.Score(("x1", 0.5), ("x2", -1.5))["y"]!, Precision);
    }

    [Fact]
    public void Network_in_a_chain_answers_beside_the_model_that_reads_its_targets()
    {
        var network = Network("regression", "activationFunction='identity'", $"<NeuralLayer>{Hidden}</NeuralLayer>", Output("h1", "<FieldRef field='u'/>") + Output("h2", "<FieldRef field='v'/>"), """
            <Output><OutputField name="pu" optype="continuous" dataType="double" targetField="u" isFinalResult="false"/>
              <OutputField name="pv" optype="continuous" dataType="double" targetField="v" isFinalResult="false"/></Output>
            """).Replace("<MiningSchema/>", "<MiningSchema><MiningField name='u' usageType='target'/><MiningField name='v' usageType='target'/><MiningField name='x1'/><MiningField name='x2'/></MiningSchema>", StringComparison.Ordinal);
        using var model = new PmmlTest("x1 x2 *u *v *y", $"""
            <MiningModel functionName="regression"><MiningSchema/><Segmentation multipleModelMethod="modelChain"><Segment><True/>{network}</Segment>
              <Segment><True/><RegressionModel functionName="regression"><MiningSchema><MiningField name="y" usageType="target"/><MiningField name="pu"/><MiningField name="pv"/></MiningSchema>
                <RegressionTable intercept="1"><NumericPredictor name="pu" coefficient="10"/><NumericPredictor name="pv" coefficient="100"/></RegressionTable></RegressionModel></Segment></Segmentation></MiningModel>
            """);

        var answer = model.Score(("x1", 0.5), ("x2", -1.5));

        Assert.Equal(0.8, (double)answer["u"]!, Precision);
        Assert.Equal(-1.15, (double)answer["v"]!, Precision);
        Assert.Equal(1 + 8 - 115.0, (double)answer["y"]!, 1e-12);
    }

    [Fact]
    public void Dense_layers_of_any_size_sum_in_the_order_of_the_connections()
    {
        var random = new Random(20261120);
        for (var size = 1; size <= 19; size++)
        {
            var weights = Enumerable.Range(0, size * 2).Select(_ => random.NextDouble() - 0.5).ToArray();
            var (x1, x2) = (random.NextDouble(), random.NextDouble());
            var hidden = string.Concat(Enumerable.Range(0, size).Select(i => FormattableString.Invariant(
                $"<Neuron id='n{i}'><Con from='i1' weight='{weights[2 * i]}'/><Con from='i2' weight='{weights[(2 * i) + 1]}'/></Neuron>")));
            var all = string.Concat(Enumerable.Range(0, size).Select(i => $"<Con from='n{i}' weight='{i + 1}'/>"));
            using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='identity'",
                $"<NeuralLayer>{hidden}</NeuralLayer><NeuralLayer><Neuron id='o'>{all}</Neuron></NeuralLayer>", Output("o", "<FieldRef field='y'/>")));
            double expected = 0;
            for (var i = 0; i < size; i++) expected += (i + 1) * ((weights[2 * i] * x1) + (weights[(2 * i) + 1] * x2));

            Assert.Equal(expected, model.Score(("x1", x1), ("x2", x2))["y"]);
        }
    }

    /// <summary>h = tanh(x1 + 0.5 x2 + 0.9 o' − 0.3 k'), k = tanh(h), o = 2 h − k, where o' and k' are of the record before, at first 0; the fifth record has no result. By Python.</summary>
    private static readonly double?[] Recurrent = [0.88117331989953, 1.044838159077405, 0.5649591315500315, -1.1245311339838786, null, 0.2563149111944051];

    private static string RecurrentNetwork => Network("regression", "activationFunction='tanh'", """
        <NeuralLayer><Neuron id="h"><Con from="i1" weight="1"/><Con from="i2" weight="0.5"/><Con from="o" weight="0.9"/><Con from="k" weight="-0.3"/></Neuron></NeuralLayer>
        <NeuralLayer><Neuron id="k"><Con from="h" weight="1"/></Neuron></NeuralLayer>
        <NeuralLayer activationFunction="identity"><Neuron id="o"><Con from="h" weight="2"/><Con from="k" weight="-1"/></Neuron></NeuralLayer>
        """, Output("o", "<FieldRef field='y'/>"));

    [Fact]
    public void Neurons_of_later_layers_are_read_as_the_record_before_left_them()
    {
        (double? X1, double X2)[] rows = [(0.5, 1), (1, -0.5), (-0.2, 0.1), (-2, 0), (null, 3), (0.7, 0.7)];
        using var model = PmmlTest.Open(PmmlTest.Document("x1 x2 *y", RecurrentNetwork));
        Assert.Equal(RowRelation.Ordered, model.Signature.Rows);
        var scorer = model.CreateScorer();
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].X1 is { } x1) scorer.Set(0, x1);
            else scorer.SetMissing(0);
            scorer.Set(1, rows[row].X2);
            scorer.Score();
            Assert.Equal(Recurrent[row].HasValue, scorer.TryGetNumber(0, out var number));
            if (Recurrent[row] is { } expected) Assert.Equal(expected, number, Precision);
        }
        for (var run = 0; run < 2; run++)
        {
            using var inputs = new Batch { Tensor.Of<double>("x1", [.. rows.Select(r => r.X1 ?? double.NaN)], rows.Length), Tensor.Of<double>("x2", [.. rows.Select(r => r.X2)], rows.Length) };
            using var outputs = model.Run(inputs);
            for (var row = 0; row < rows.Length; row++)
            {
                Assert.Equal(Recurrent[row] is null, outputs["y"].IsMissing(row));
                if (Recurrent[row] is { } expected) Assert.Equal(expected, outputs["y"].NumberAt(row), Precision);
            }
        }
    }

    [Fact]
    public void Inputs_after_the_layers_are_a_fault()
    {
        var element = Network("regression", "activationFunction='identity'", $"<NeuralLayer>{Hidden}</NeuralLayer>", Output("h1", "<FieldRef field='y'/>"));
        var fault = Assert.Throws<ModelException>(() => PmmlTest.Open(PmmlTest.Document("x1 x2 *y", element.Replace("<NeuralOutputs>", Inputs.Replace("\"i", "\"j", StringComparison.Ordinal) + "<NeuralOutputs>", StringComparison.Ordinal))));
        Assert.Contains("it comes after the layers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_input_leaves_no_result()
    {
        using var model = new PmmlTest("x1 x2 *y", Network("regression", "activationFunction='identity'", $"<NeuralLayer>{Hidden}</NeuralLayer>", Output("h1", "<FieldRef field='y'/>")));

        Assert.Null(model.Score(("x1", 1))["y"]);
    }

    [Theory]
    [InlineData("<NeuralLayer><Neuron id='h1'><Con from='h2' weight='1'/></Neuron><Neuron id='h2'/></NeuralLayer>", "a connection from 'h2' in the same layer, in which the standard gives no order of evaluation, is not supported")]
    [InlineData("<NeuralLayer><Neuron id='h1'><Con from='h1' weight='1'/></Neuron></NeuralLayer>", "a connection from 'h1' in the same layer")]
    [InlineData("<NeuralLayer><Neuron id='h1'><Con from='h9' weight='1'/></Neuron></NeuralLayer>", "there is no input and no neuron with the id 'h9'")]
    [InlineData("<NeuralLayer><Neuron id='i1'/></NeuralLayer>", "the id 'i1' is there twice")]
    [InlineData("<NeuralLayer/>", "it has no Neuron")]
    [InlineData("", "it has no NeuralLayer")]
    [InlineData("<NeuralLayer activationFunction='radialBasis'><Neuron id='h1'><Con from='i1' weight='1'/></Neuron></NeuralLayer>", "needs a width")]
    [InlineData("<NeuralLayer><Neuron id='h1'/></NeuralLayer>", "activationFunction")]
    [InlineData("<NeuralLayer activationFunction='relu'><Neuron id='h1'/></NeuralLayer>", "relu")]
    public void Wrong_network_is_refused_with_its_place(string layers, string problem)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x1 x2 *y", Network("regression", "", layers, Output("i1", "<FieldRef field='y'/>"))));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>At x1 = 0.5, x2 = −1.5 their inputs are 0.8 and −1.15.</summary>
    private const string Hidden = """
        <Neuron id="h1" bias="0.1"><Con from="i1" weight="0.8"/><Con from="i2" weight="-0.2"/></Neuron>
        <Neuron id="h2" bias="-0.4"><Con from="i1" weight="0.3"/><Con from="i2" weight="0.6"/></Neuron>
        """;

    private const string Last = """<Neuron id="o" bias="0.25"><Con from="h1" weight="1.5"/><Con from="h2" weight="-2"/></Neuron>""";

    private static string Output(string neuron, string expression) =>
        $"<NeuralOutput outputNeuron='{neuron}'><DerivedField optype='continuous' dataType='double'>{expression}</DerivedField></NeuralOutput>";

    private static string Network(string function, string attributes, string layers, string outputs, string common = "") =>
        $"<NeuralNetwork functionName='{function}' {attributes}><MiningSchema/>{common}{Inputs}{layers}<NeuralOutputs>{outputs}</NeuralOutputs></NeuralNetwork>";
}
