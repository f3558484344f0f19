using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Scores rows, and compares.</summary>
internal static class Scored
{
    /// <summary>Margins and leaves of a definition that takes a matrix have to be those of the plain evaluation.</summary>
    public static void ShouldBe(PlainLightGbm plain, TreeModelDefinition definition, double[][] rows)
    {
        Assert.Empty(definition.Unsupported);
        using var margins = Run(definition, rows, OutputKind.Margin);
        using var leaves = Run(definition, rows, OutputKind.Leaf);
        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(plain.Leaves(rows[row]), leaves[0].Values<int>().Slice(row * plain.Trees, plain.Trees).ToArray());
            Assert.Equal(plain.Margins(rows[row]), margins[0].Values<double>().Slice(row * plain.Outputs, plain.Outputs).ToArray());
        }
    }

    public static Batch Run(TreeModelDefinition definition, double[][] rows, OutputKind output = OutputKind.Prediction)
    {
        using var model = TreesModel.Compile(definition, new RuntimeOptions(Output: output));
        using var inputs = Matrix(rows);
        return model.Run(inputs);
    }

    public static Batch Matrix(double[][] rows) => new(Tensor.Of<double>("input", [.. rows.SelectMany(r => r)], rows.Length, rows[0].Length));

    /// <summary>A few rows that fit a signature.</summary>
    public static Batch SampleInputs(Signature signature)
    {
        const int Rows = 5;
        var random = new Random(5);
        var batch = new Batch();
        foreach (var input in signature.Inputs)
        {
            if (input.Type == ElementType.Bytes)
            {
                batch.Add(Tensor.OfText(input.Name, [.. Enumerable.Range(0, Rows).Select(_ => random.Next(3) == 0 ? null : "Private")]));
                continue;
            }
            var tensor = new Tensor(input.Name, ElementType.Float64, [Rows, .. input.Shape[1..]]);
            foreach (ref var value in tensor.Values<double>()) value = random.Next(5) == 0 ? double.NaN : Math.Round(random.NextDouble() * 100, 1);
            batch.Add(tensor);
        }
        return batch;
    }

    /// <param name="units">Units in the last place that the two may be apart.</param>
    public static void Within(int units, double expected, double actual) =>
        Assert.InRange(Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual)), 0, units);
}
