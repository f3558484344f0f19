using Slipway.Core;
using Slipway.Models.Rows;
using Slipway.Tests.Models.Pmml;

namespace Slipway.Tests.Models.Rows;

/// <summary>Columns of every element type are read into fields of every type.</summary>
public sealed class InputColumnTests
{
    public static TheoryData<ElementType> Types => [.. Enum.GetValues<ElementType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Values_of_every_element_type_are_numbers_texts_and_flags(ElementType type)
    {
        Assert.Equal([1.0, 0.0, null], Seen("double", Column(type, 1, 0)).Select(v => (double?)v));
        Assert.Equal([1.0, 0.0, null], Seen("integer", Column(type, 1, 0)).Select(v => (double?)v));
        Assert.Equal([1.0, 0.0, null], Seen("float", Column(type, 1, 0)).Select(v => (double?)v));
        Assert.Equal([1.0, 0.0, null], Seen("boolean", Column(type, 1, 0)).Select(v => (double?)v));
        string?[] texts = type == ElementType.Bool ? ["true", "false", null] : ["1", "0", null];
        Assert.Equal(texts, Seen("string", Column(type, 1, 0)).Select(v => (string?)v));
    }

    [Theory]
    [InlineData(ElementType.UInt8, 200)]
    [InlineData(ElementType.Int8, -100)]
    [InlineData(ElementType.UInt16, 60000)]
    [InlineData(ElementType.Int16, -30000)]
    [InlineData(ElementType.UInt32, 4e9)]
    [InlineData(ElementType.Int32, -2e9)]
    [InlineData(ElementType.UInt64, 9007199254740992)]
    [InlineData(ElementType.Int64, -9007199254740992)]
    [InlineData(ElementType.Float16, -0.5)]
    [InlineData(ElementType.BFloat16, 1.5)]
    [InlineData(ElementType.Float32, 0.10000000149011612)]
    [InlineData(ElementType.Float64, 0.1)]
    [InlineData(ElementType.Bytes, 0.1)]
    public void Number_of_an_element_type_is_read_exactly(ElementType type, double value) => Assert.Equal(value, Seen("double", Column(type, value, 0))[0]);

    [Theory]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void NaN_of_any_width_is_missing(ElementType type)
    {
        Assert.Null(Seen("double", Column(type, double.NaN, 0))[0]);
        Assert.Null(Seen("integer", Column(type, double.NaN, 0))[0]);
        Assert.Null(Seen("string", Column(type, double.NaN, 0))[0]);
    }

    [Fact]
    public void Columns_without_rows_give_outputs_without_rows()
    {
        using var model = Echo("double");
        using var batch = new Batch(new Tensor("x", ElementType.Float64, 0));
        using var found = model.Run(batch);
        Assert.Equal(["_target", "seen"], found.Select(t => t.Name));
        Assert.All(found, t => Assert.Equal(0, t.Rows));
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("x z *y", "<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='0'/></RegressionModel>"));
        using var batch = new Batch(Tensor.Of<double>("x", [1, 2], 2), Tensor.Of<double>("z", [1, 2, 3], 3));
        Assert.Throws<RecordException>(() => model.Run(batch));
    }

    [Fact]
    public void Disposed_model_refuses_to_run()
    {
        var model = Echo("double");
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Run(new Batch(Column(ElementType.Float64, 1, 2))));
    }

    /// <summary>A column of two values and a missing one.</summary>
    private static Tensor Column(ElementType type, double first, double second)
    {
        var column = type switch
        {
            ElementType.Bool => Tensor.Of<bool>("x", [first != 0, second != 0, false], 3),
            ElementType.UInt8 => Tensor.Of<byte>("x", [(byte)first, (byte)second, 0], 3),
            ElementType.UInt16 => Tensor.Of<ushort>("x", [(ushort)first, (ushort)second, 0], 3),
            ElementType.UInt32 => Tensor.Of<uint>("x", [(uint)first, (uint)second, 0], 3),
            ElementType.UInt64 => Tensor.Of<ulong>("x", [(ulong)first, (ulong)second, 0], 3),
            ElementType.Int8 => Tensor.Of<sbyte>("x", [(sbyte)first, (sbyte)second, 0], 3),
            ElementType.Int16 => Tensor.Of<short>("x", [(short)first, (short)second, 0], 3),
            ElementType.Int32 => Tensor.Of<int>("x", [(int)first, (int)second, 0], 3),
            ElementType.Int64 => Tensor.Of<long>("x", [(long)first, (long)second, 0], 3),
            ElementType.Float16 => Tensor.Of<Half>("x", [(Half)first, (Half)second, Half.Zero], 3),
            ElementType.BFloat16 => BFloat16(first, second),
            ElementType.Float32 => Tensor.Of<float>("x", [(float)first, (float)second, 0], 3),
            ElementType.Float64 => Tensor.Of<double>("x", [first, second, 0], 3),
            _ => Tensor.OfText("x", FormattableString.Invariant($"{first}"), FormattableString.Invariant($"{second}"), ""),
        };
        column.SetMissing(2);
        return column;
    }

    private static Tensor BFloat16(double first, double second)
    {
        var column = new Tensor("x", ElementType.BFloat16, 3);
        BitConverter.TryWriteBytes(column.RawData, (ushort)(BitConverter.SingleToUInt32Bits((float)first) >> 16));
        BitConverter.TryWriteBytes(column.RawData[2..], (ushort)(BitConverter.SingleToUInt32Bits((float)second) >> 16));
        return column;
    }

    /// <summary>What a model sees of a column in a field of a type.</summary>
    private static object?[] Seen(string dataType, Tensor column)
    {
        using var model = Echo(dataType);
        using var batch = new Batch(column);
        using var found = model.Run(batch);
        var seen = found["seen"];
        return [.. Enumerable.Range(0, 3).Select(r => seen.IsMissing(r) ? null : seen.Type == ElementType.Bytes ? (object?)seen.GetText(r) : seen.NumberAt(r))];
    }

    private static RowProgramModel Echo(string dataType) => PmmlTest.Open(PmmlTest.Document($"<DataField name='x' optype='categorical' dataType='{dataType}'/>", """
        <RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema>
        <Output><OutputField name='seen' feature='transformedValue'><FieldRef field='x'/></OutputField></Output><RegressionTable intercept='0'/></RegressionModel>
        """));
}
