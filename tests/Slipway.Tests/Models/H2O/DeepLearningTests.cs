using System.Globalization;
using Slipway.Core;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>Neural networks against a plain forward pass over the numbers of the file.</summary>
public class DeepLearningTests
{
    private static readonly string[] Levels = ["a", "b", "c"];

    [Theory]
    [InlineData("Tanh")]
    [InlineData("TanhWithDropout")]
    [InlineData("Rectifier")]
    [InlineData("RectifierWithDropout")]
    [InlineData("ExpRectifier")]
    [InlineData("ExpRectifierWithDropout")]
    [InlineData("Maxout")]
    [InlineData("MaxoutWithDropout")]
    public void Networks_pass_forward(string activation)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var network = new Network(new Random(seed), activation, [17, 11, 20, 3]);
            var builder = network.Archive("Multinomial").Column("y", "r", "s", "t").Set("n_classes", "3").Set("distribution", "multinomial");
            var rows = Enumerable.Range(0, 20).Select(_ => network.Row()).ToArray();
            using var model = MojoFiles.Open(builder.Build());
            using var outputs = MojoFiles.Run(model, network.Table(rows));
            var probabilities = outputs["probability"].Values<double>();
            for (var r = 0; r < rows.Length; r++)
            {
                var exponentials = network.Forward(rows[r]).Select(Math.Exp).ToArray();
                for (var c = 0; c < 3; c++) Assert.Equal(exponentials[c] / exponentials.Sum(), probabilities[(3 * r) + c], 1e-13);
            }
        }
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("poisson")]
    public void A_regression_is_brought_back_to_the_response(string distribution)
    {
        var network = new Network(new Random(7), "Rectifier", [17, 8, 1]);
        var builder = network.Archive("Regression").Column("y").Set("distribution", distribution).Set("norm_resp_mul", 4).Set("norm_resp_sub", 0.5);
        var rows = Enumerable.Range(0, 20).Select(_ => network.Row()).ToArray();
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, network.Table(rows));
        for (var r = 0; r < rows.Length; r++)
        {
            var value = (network.Forward(rows[r])[0] / 4) + 0.5;
            Assert.Equal(distribution == "poisson" ? Math.Exp(value) : value, outputs[0].Values<double>()[r], 1e-13);
        }
    }

    [Fact]
    public void An_autoencoder_reconstructs_its_row()
    {
        var network = new Network(new Random(9), "Tanh", [17, 5, 17]);
        var builder = network.Archive("AutoEncoder").Set("supervised", "false").Set("distribution", "gaussian");
        var rows = Enumerable.Range(0, 10).Select(_ => network.Row()).ToArray();
        using var model = MojoFiles.Open(builder.Build());
        Assert.Equal(["reconstr_level.a", "reconstr_level.b", "reconstr_level.c", "reconstr_level.missing(NA)", "reconstr_x0"], model.Signature.Outputs[0].Columns[..5]);
        using var outputs = MojoFiles.Run(model, network.Table(rows));
        for (var r = 0; r < rows.Length; r++)
        {
            var units = network.Forward(rows[r], lastIsHidden: true);
            for (var u = 0; u < 17; u++)
            {
                var expected = u < 4 ? units[u] : (units[u] / network.Factors[u - 4]) + network.Means[u - 4];
                Assert.Equal(expected, outputs[0].Values<double>()[(17 * r) + u], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData("activation", "Swish", "activation 'Swish' is not known")]
    [InlineData("distribution", "modified_huber", "distribution 'modified_huber': H2O's own scorer gives every row the same probability")]
    [InlineData("_genmodel_encoding", "Eigen", "_genmodel_encoding: columns encoded as Eigen outside of the model")]
    public void What_is_not_computed_is_told(string key, string value, string reason) =>
        Assert.Equal([reason], MojoFiles.Read(new Network(new Random(1), "Tanh", [17, 2, 1]).Archive("Regression").Column("y").Set("distribution", "gaussian").Set(key, value).Build()).Unsupported);

    [Theory]
    [InlineData("neural_network_sizes", "[17]")]
    [InlineData("neural_network_sizes", "[17, 1000000000, 1]", "bias_layer0")]
    [InlineData("neural_network_sizes", "[17, -2, 1]", "bias_layer0")]
    [InlineData("neural_network_sizes", "[16, 2, 1]")]
    [InlineData("neural_network_sizes", "[17, 2, 2]")]
    [InlineData("weight_layer1", "[1.0]")]
    [InlineData("bias_layer0", "null")]
    [InlineData("norm_mul", "[1.0]")]
    public void Layers_that_do_not_fit_are_refused(string key, string value, string? named = null) =>
        Assert.Contains(named ?? key, Assert.Throws<ModelException>(() => MojoFiles.Read(new Network(new Random(1), "Tanh", [17, 2, 1]).Archive("Regression").Column("y").Set("distribution", "gaussian").Set(key, value).Build())).Message, StringComparison.Ordinal);

    /// <summary>A column of three levels (and a place for missing ones), 13 numbers.</summary>
    private sealed class Network
    {
        private const int Numbers = 13;
        private readonly Random _random;
        private readonly string _activation;
        private readonly int[] _sizes;
        private readonly double[][] _weights;
        private readonly double[][] _biases;
        private readonly double[] _dropout;

        public Network(Random random, string activation, int[] sizes)
        {
            (_random, _activation, _sizes) = (random, activation, sizes);
            Factors = Values(Numbers);
            Means = Values(Numbers);
            _weights = [.. Enumerable.Range(0, sizes.Length - 1).Select(l => Values(sizes[l] * sizes[l + 1] * Pieces(l)))];
            _biases = [.. Enumerable.Range(0, sizes.Length - 1).Select(l => Values(sizes[l + 1] * Pieces(l)))];
            _dropout = [.. Enumerable.Range(0, sizes.Length - 1).Select(l => l == sizes.Length - 2 ? 0 : 0.25 * (l + 1))];
        }

        public double[] Factors { get; }

        public double[] Means { get; }

        public MojoBuilder Archive(string category)
        {
            var builder = new MojoBuilder("deeplearning", category, "1.10").Features(1 + Numbers).Column("level", Levels);
            for (var i = 0; i < Numbers; i++) builder.Column($"x{i}");
            builder.Set("cats", "1").Set("nums", "13").Set("cat_offsets", 0, 4).Set("use_all_factor_levels", "true").Set("norm_mul", Factors).Set("norm_sub", Means).Set("activation", _activation)
                .Set("mean_imputation", "true").Set("neural_network_sizes", [.. _sizes.Select(s => (double)s)]).Set("hidden_dropout_ratios", _dropout);
            for (var l = 0; l < _weights.Length; l++) builder.Set($"weight_layer{l}", _weights[l]).Set($"bias_layer{l}", _biases[l]);
            return builder;
        }

        public double[] Row() => [_random.Next(4) is var level && level < 3 ? level : double.NaN, .. Enumerable.Range(0, Numbers).Select(_ => _random.Next(6) == 0 ? double.NaN : (_random.NextDouble() * 4) - 2)];

        public CorpusTable Table(double[][] rows) => new(["level", .. Enumerable.Range(0, Numbers).Select(i => $"x{i}")],
            [.. rows.Select(row => row.Select((v, c) => double.IsNaN(v) ? "" : c == 0 ? Levels[(int)v] : v.ToString("R", CultureInfo.InvariantCulture)).ToArray())]);

        /// <summary>The last layer's units before a softmax.</summary>
        public double[] Forward(double[] row, bool lastIsHidden = false)
        {
            var units = new double[4 + Numbers];
            units[double.IsNaN(row[0]) ? 3 : (int)row[0]] = 1;
            for (var i = 0; i < Numbers; i++) units[4 + i] = double.IsNaN(row[1 + i]) ? 0 : (row[1 + i] - Means[i]) * Factors[i];
            for (var l = 0; l < _weights.Length; l++) units = Layer(units, l, lastIsHidden || l < _weights.Length - 1);
            return units;
        }

        private double[] Layer(double[] inputs, int layer, bool hidden)
        {
            var pieces = Pieces(layer);
            var units = new double[_sizes[layer + 1]];
            for (var u = 0; u < units.Length; u++)
            {
                var sums = Enumerable.Range(0, pieces).Select(k => _biases[layer][(pieces * u) + k] + inputs.Select((x, i) => x * _weights[layer][(pieces * ((u * inputs.Length) + i)) + k]).Sum());
                units[u] = sums.Max();
                if (!hidden) continue;
                units[u] = _activation.Split("With")[0] switch { "Tanh" => Math.Tanh(units[u]), "Rectifier" => Math.Max(0, units[u]), "ExpRectifier" => units[u] < 0 ? Math.Exp(units[u]) - 1 : units[u], _ => units[u] };
                if (_activation.EndsWith("WithDropout", StringComparison.Ordinal)) units[u] *= 1 - _dropout[layer];
            }
            return units;
        }

        private int Pieces(int layer) => _activation.StartsWith("Maxout", StringComparison.Ordinal) && layer < _sizes.Length - 2 ? 2 : 1;

        /// <summary>Weights are float32.</summary>
        private double[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)((_random.NextDouble() * 2) - 1))];
    }
}
