using Slipway.Core;

namespace Slipway.Tests.Core.Expressions;

/// <summary>A table with a column of every kind and missing values in each.</summary>
internal static class TestTable
{
    public static TableSchema Schema { get; } = new(
    [
        new("number", ElementType.Float64), new("integer", ElementType.Int32), new("small", ElementType.Float32),
        new("whole [m]", ElementType.UInt8), new("text", ElementType.Bytes), new("flag", ElementType.Bool),
    ]);

    public static Batch Random(int seed, int rows)
    {
        var random = new Random(seed);
        string[] words = ["", "a", "ab", "it's", "Größe", " x ", "AB", "zz"];
        double[] numbers = [0, 1, -1, 0.5, 2, 3.75, double.NaN, double.PositiveInfinity, 1e300];
        var number = new Tensor("number", ElementType.Float64, rows);
        var integer = new Tensor("integer", ElementType.Int32, rows);
        var small = new Tensor("small", ElementType.Float32, rows);
        var whole = new Tensor("whole [m]", ElementType.UInt8, rows);
        var text = new Tensor("text", ElementType.Bytes, rows);
        var flag = new Tensor("flag", ElementType.Bool, rows);
        for (var i = 0; i < rows; i++)
        {
            number.Values<double>()[i] = random.Next(3) == 0 ? numbers[random.Next(numbers.Length)] : random.NextDouble() * 6;
            integer.Values<int>()[i] = random.Next(-3, 6);
            small.Values<float>()[i] = (float)random.NextDouble() * 5;
            whole.Values<byte>()[i] = (byte)random.Next(6);
            flag.RawData[i] = (byte)random.Next(2);
            foreach (var tensor in (Tensor[])[number, integer, small, whole, flag])
            {
                if (random.Next(6) == 0) tensor.SetMissing(i);
            }
            if (random.Next(6) == 0) text.AppendMissing();
            else text.Append(words[random.Next(words.Length)]);
        }
        return new Batch(number, integer, small, whole, text, flag);
    }
}
