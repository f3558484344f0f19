using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values by enumerating the joint distribution in Python, densities from scipy.stats.</summary>
public sealed class BayesianNetworkModelTests
{
    [Theory]
    [InlineData(null, null, null, 0.5)]
    [InlineData(null, null, "T", 0.7079276773296245)]
    [InlineData(null, "T", "T", 0.32038834951456313)]
    [InlineData("T", "F", "T", 1.0)]
    [InlineData("F", null, "F", 0.024390243902439022)]
    public void Discrete_targets_are_inferred_from_what_is_known(string? cloudy, string? sprinkler, string? wet, double rain)
    {
        using var model = Sprinkler();
        var answer = model.Score(("cloudy", cloudy), ("sprinkler", sprinkler), ("wet", wet));
        Assert.Equal(rain, Assert.IsType<double>(answer["p"]), 1e-14);
        Assert.Equal(rain >= 0.5 ? "T" : "F", answer["rain"]);
    }

    [Fact]
    public void Knowledge_that_no_value_of_the_target_allows_has_no_answer()
    {
        using var model = new PmmlTest("wet=T,F *rain=T,F", $"""
            <BayesianNetworkModel functionName="classification"><MiningSchema/><Output><OutputField name="p" feature="probability" value="T"/></Output><BayesianNetworkNodes>
            <DiscreteNode name="rain">{Case(0.5)}</DiscreteNode><DiscreteNode name="wet">{Case(0, ("rain", "T"))}{Case(0, ("rain", "F"))}</DiscreteNode>
            </BayesianNetworkNodes></BayesianNetworkModel>
            """);
        var answer = model.Score(("wet", "T"));
        Assert.Null(answer["rain"]);
        Assert.Null(answer["p"]);
        Assert.Equal(0.5, model.Score(("wet", "F"))["p"]);
    }

    [Theory]
    [InlineData(70, 0.7089668843875663, 281.0750349455224)]
    [InlineData(62, 0.9581283098337854, null)]
    public void Numbers_count_by_their_density_and_are_predicted_by_their_mean(double temperature, double ok, double? cost)
    {
        using var model = Machine();
        var answer = model.Score(("load", 5), ("temperature", temperature));
        Assert.Equal(ok, Assert.IsType<double>(answer["p"]), 1e-14);
        Assert.Equal("ok", answer["state"]);
        if (cost is { } mean) Assert.Equal(mean, Assert.IsType<double>(answer["cost"]), 1e-11);
    }

    [Fact]
    public void Number_without_a_value_that_matters_is_named()
    {
        using var model = Machine();
        var error = Assert.Throws<RecordException>(() => model.Score(("load", 5)));
        Assert.Contains("'temperature'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'cost'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_networks_give_what_their_joint_distribution_does()
    {
        var random = new Random(29);
        for (var trial = 0; trial < 40; trial++)
        {
            var network = new RandomNetwork(random, nodes: 7);
            using var model = new PmmlTest(network.Fields, network.Element);
            for (var row = 0; row < 5; row++)
            {
                var known = Enumerable.Range(0, 7).Select(n => n == network.Target || random.Next(2) == 0 ? -1 : random.Next(network.Values[n])).ToArray();
                var answer = model.Score([.. known.Index().Where(k => k.Item >= 0).Select(k => ($"n{k.Index}", (object?)$"v{k.Item}"))]);
                var expected = network.Posterior(known);
                for (var v = 0; v < expected.Length; v++) Assert.Equal(expected[v], Assert.IsType<double>(answer[$"p{v}"]), 1e-12);
            }
        }
    }

    [Fact]
    public void Networks_too_large_to_enumerate_give_what_their_joint_distribution_does()
    {
        var random = new Random(31);
        for (var trial = 0; trial < 6; trial++)
        {
            var network = new RandomNetwork(random, nodes: 15, most: 2);
            using var model = new PmmlTest(network.Fields, network.Element);
            var known = Enumerable.Range(0, 15).Select(n => n >= 13 && n != network.Target ? random.Next(2) : -1).ToArray();
            var answer = model.Score([.. known.Index().Where(k => k.Item >= 0).Select(k => ($"n{k.Index}", (object?)$"v{k.Item}"))]);
            var expected = network.Posterior(known);
            for (var v = 0; v < expected.Length; v++) Assert.Equal(expected[v], Assert.IsType<double>(answer[$"p{v}"]), 1e-12);
        }
    }

    [Fact]
    public void Long_chains_are_eliminated_link_by_link()
    {
        var nodes = new StringBuilder("""<DiscreteNode name="n0"><ValueProbability value="T" probability="0.7"/><ValueProbability value="F" probability="0.3"/></DiscreteNode>""");
        var (last, given) = (0.7, 0.0);
        for (var i = 1; i < 40; i++)
        {
            nodes.Append(CultureInfo.InvariantCulture, $"""<DiscreteNode name="n{i}">{Case(0.9, ($"n{i - 1}", "T"))}{Case(0.3, ($"n{i - 1}", "F"))}</DiscreteNode>""");
            last = (0.9 * last) + (0.3 * (1 - last));
            given = i <= 5 ? 0 : (0.9 * given) + (0.3 * (1 - given));
        }
        using var model = new PmmlTest(string.Join(' ', Enumerable.Range(0, 39).Select(i => $"n{i}=T,F")) + " *n39=T,F *cost", $"""
            <BayesianNetworkModel functionName="mixed"><MiningSchema/><Output><OutputField name="p" feature="probability" targetField="n39" value="T"/></Output>
            <BayesianNetworkNodes>{nodes}<ContinuousNode name="cost">
            <ContinuousConditionalProbability><ParentValue parent="n38" value="T"/><ContinuousDistribution><UniformDistributionForBN><Lower><Constant>0</Constant></Lower><Upper><Constant>20</Constant></Upper></UniformDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
            <ContinuousConditionalProbability><ParentValue parent="n38" value="F"/><ContinuousDistribution><UniformDistributionForBN><Lower><Constant>0</Constant></Lower><Upper><Constant>60</Constant></Upper></UniformDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
            </ContinuousNode></BayesianNetworkNodes></BayesianNetworkModel>
            """);
        var answer = model.Score();
        Assert.Equal(last, Assert.IsType<double>(answer["p"]), 1e-13);
        var before = (last - 0.3) / 0.6;
        Assert.Equal((10 * before) + (30 * (1 - before)), Assert.IsType<double>(answer["cost"]), 1e-11);
        Assert.Equal(given, Assert.IsType<double>(model.Score(("n5", "F"))["p"]), 1e-13);
    }

    [Fact]
    public void Row_of_which_too_little_is_known_is_refused_before_it_takes_long()
    {
        // What is known of every pair of 26 unknown nodes makes all depend on all: no order of elimination has tables of less than 2^25 cells.
        var (fields, nodes) = (new StringBuilder(), new StringBuilder());
        var row = new List<(string, object?)>();
        for (var i = 0; i < 26; i++)
        {
            fields.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "*" : "")}r{i}=T,F ");
            nodes.Append(CultureInfo.InvariantCulture, $"""<DiscreteNode name="r{i}">{Case(0.5)}</DiscreteNode>""");
            for (var j = 0; j < i; j++)
            {
                fields.Append(CultureInfo.InvariantCulture, $"k{i}x{j}=T,F ");
                nodes.Append(CultureInfo.InvariantCulture, $"""<DiscreteNode name="k{i}x{j}">{string.Concat(from a in "TF" from b in "TF" select Case(a == b ? 0.8 : 0.1, ($"r{i}", $"{a}"), ($"r{j}", $"{b}")))}</DiscreteNode>""");
                row.Add(($"k{i}x{j}", "T"));
            }
        }
        using var model = new PmmlTest(fields.ToString(), $"""<BayesianNetworkModel functionName="classification"><MiningSchema/><BayesianNetworkNodes>{nodes}</BayesianNetworkNodes></BayesianNetworkModel>""");
        Assert.Contains("too little is known", Assert.Throws<RecordException>(() => model.Score([.. row])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<ParentValue parent='b' value='T'/>", "depends on itself")]
    [InlineData("<ParentValue parent='z' value='T'/>", "'z'")]
    public void Networks_that_do_not_fit_are_refused(string parent, string expected)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("a=T,F *b=T,F", $"""
            <BayesianNetworkModel functionName="classification"><MiningSchema/><BayesianNetworkNodes>
            <DiscreteNode name="a"><DiscreteConditionalProbability>{parent}<ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>
            <DiscreteNode name="b"><DiscreteConditionalProbability><ParentValue parent="a" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>
            </BayesianNetworkNodes></BayesianNetworkModel>
            """));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static PmmlTest Sprinkler() => new("cloudy=T,F sprinkler=T,F wet=T,F *rain=T,F", Network);

    private static string Network => $"""
        <BayesianNetworkModel functionName="classification"><MiningSchema/>
        <Output><OutputField name="p" feature="probability" targetField="rain" value="T"/></Output>
        <BayesianNetworkNodes>
          <DiscreteNode name="wet">{Case(0.99, ("sprinkler", "T"), ("rain", "T"))}{Case(0.9, ("sprinkler", "T"), ("rain", "F"))}{Case(0.9, ("rain", "T"), ("sprinkler", "F"))}{Case(0, ("sprinkler", "F"), ("rain", "F"))}</DiscreteNode>
          <DiscreteNode name="sprinkler">{Case(0.1, ("cloudy", "T"))}{Case(0.5, ("cloudy", "F"))}</DiscreteNode>
          <DiscreteNode name="rain">{Case(0.8, ("cloudy", "T"))}{Case(0.2, ("cloudy", "F"))}</DiscreteNode>
          <DiscreteNode name="cloudy"><ValueProbability value="T" probability="0.5"/><ValueProbability value="F" probability="0.5"/></DiscreteNode>
        </BayesianNetworkNodes></BayesianNetworkModel>
        """;

    private static string Case(double probability, params (string Name, string Value)[] parents) => string.Create(CultureInfo.InvariantCulture, $"""
        <DiscreteConditionalProbability>{string.Concat(parents.Select(p => $"<ParentValue parent='{p.Name}' value='{p.Value}'/>"))}
        <ValueProbability value="T" probability="{probability}"/><ValueProbability value="F" probability="{1 - probability}"/></DiscreteConditionalProbability>
        """);

    /// <summary>A hidden state decides how hot a machine gets under its load, and what it costs.</summary>
    private static PmmlTest Machine() => new("load temperature *state=ok,bad *cost", """
        <BayesianNetworkModel functionName="mixed"><MiningSchema/>
        <Output><OutputField name="p" feature="probability" targetField="state" value="ok"/></Output>
        <BayesianNetworkNodes>
          <DiscreteNode name="state"><ValueProbability value="ok" probability="0.9"/><ValueProbability value="bad" probability="0.1"/></DiscreteNode>
          <ContinuousNode name="temperature">
            <ContinuousConditionalProbability><ParentValue parent="state" value="ok"/><ContinuousDistribution><NormalDistributionForBN>
              <Mean><Constant dataType="double">60</Constant></Mean><Variance><Constant dataType="double">25</Constant></Variance></NormalDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
            <ContinuousConditionalProbability><ParentValue parent="state" value="bad"/><ContinuousDistribution><NormalDistributionForBN>
              <Mean><Apply function="+"><Constant dataType="double">60</Constant><Apply function="*"><Constant>2</Constant><FieldRef field="load"/></Apply></Apply></Mean>
              <Variance><Constant dataType="double">100</Constant></Variance></NormalDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
          </ContinuousNode>
          <ContinuousNode name="cost">
            <ContinuousConditionalProbability><ParentValue parent="state" value="ok"/><ContinuousDistribution><NormalDistributionForBN>
              <Mean><Apply function="+"><Constant dataType="double">100</Constant><FieldRef field="load"/></Apply></Mean><Variance><Constant>1</Constant></Variance></NormalDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
            <ContinuousConditionalProbability><ParentValue parent="state" value="bad"/><ContinuousDistribution><UniformDistributionForBN>
              <Lower><Apply function="*"><Constant>6</Constant><FieldRef field="temperature"/></Apply></Lower><Upper><Constant dataType="double">1000</Constant></Upper></UniformDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
          </ContinuousNode>
        </BayesianNetworkNodes></BayesianNetworkModel>
        """);

    /// <summary>A network with the full joint distribution as its oracle.</summary>
    private sealed class RandomNetwork
    {
        private readonly int[][] _parents;
        private readonly double[][] _tables;

        public RandomNetwork(Random random, int nodes, int most = 3)
        {
            Values = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(2, most + 1))];
            Target = random.Next(nodes);
            _parents = [.. Enumerable.Range(0, nodes).Select(n => Enumerable.Range(0, n).Where(_ => random.Next(3) == 0).ToArray())];
            _tables = [.. Enumerable.Range(0, nodes).Select(n => Enumerable.Range(0, Combinations(n) * Values[n]).Select(_ => 0.05 + random.NextDouble()).ToArray())];
            for (var n = 0; n < nodes; n++)
            {
                for (var c = 0; c < Combinations(n); c++)
                {
                    var cell = _tables[n].AsSpan(c * Values[n], Values[n]);
                    double sum = 0;
                    foreach (var p in cell) sum += p;
                    foreach (ref var p in cell) p /= sum;
                }
            }
        }

        public int[] Values { get; }

        public int Target { get; }

        public string Fields => string.Join(' ', Values.Select((count, n) => $"{(n == Target ? "*" : "")}n{n}={string.Join(',', Enumerable.Range(0, count).Select(v => $"v{v}"))}"));

        public string Element
        {
            get
            {
                var text = new StringBuilder("<BayesianNetworkModel functionName='classification'><MiningSchema/><Output>");
                for (var v = 0; v < Values[Target]; v++) text.Append(CultureInfo.InvariantCulture, $"<OutputField name='p{v}' feature='probability' value='v{v}'/>");
                text.Append("</Output><BayesianNetworkNodes>");
                for (var n = Values.Length - 1; n >= 0; n--)
                {
                    text.Append(CultureInfo.InvariantCulture, $"<DiscreteNode name='n{n}'>");
                    for (var c = 0; c < Combinations(n); c++)
                    {
                        text.Append("<DiscreteConditionalProbability>");
                        var rest = c;
                        foreach (var parent in _parents[n])
                        {
                            text.Append(CultureInfo.InvariantCulture, $"<ParentValue parent='n{parent}' value='v{rest % Values[parent]}'/>");
                            rest /= Values[parent];
                        }
                        for (var v = 0; v < Values[n]; v++) text.Append(CultureInfo.InvariantCulture, $"<ValueProbability value='v{v}' probability='{_tables[n][(c * Values[n]) + v]:R}'/>");
                        text.Append("</DiscreteConditionalProbability>");
                    }
                    text.Append("</DiscreteNode>");
                }
                return text.Append("</BayesianNetworkNodes></BayesianNetworkModel>").ToString();
            }
        }

        public double[] Posterior(int[] known)
        {
            var sums = new double[Values[Target]];
            var state = new int[Values.Length];
            for (var all = Values.Aggregate(1, (a, b) => a * b); all > 0; all--)
            {
                if (known.Index().All(k => k.Item < 0 || k.Item == state[k.Index])) sums[state[Target]] += Joint(state);
                for (var n = 0; n < state.Length && ++state[n] == Values[n]; n++) state[n] = 0;
            }
            return [.. sums.Select(s => s / sums.Sum())];
        }

        private double Joint(int[] state)
        {
            double product = 1;
            for (var n = 0; n < state.Length; n++)
            {
                var (index, stride) = (0, 1);
                foreach (var parent in _parents[n])
                {
                    index += state[parent] * stride;
                    stride *= Values[parent];
                }
                product *= _tables[n][(index * Values[n]) + state[n]];
            }
            return product;
        }

        private int Combinations(int node) => _parents[node].Aggregate(1, (product, parent) => product * Values[parent]);
    }
}
