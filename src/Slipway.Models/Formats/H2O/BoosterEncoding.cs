using System.Buffers;
using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.H2O;

/// <summary>The rows H2O gives to XGBoost: levels one-hot, numbers behind them. Of sparse rows, zeros are missing values.</summary>
internal sealed class BoosterEncoding(CategoryOffsets offsets, bool sparse)
{
    public int Width => offsets.Width;

    /// <inheritdoc cref="CategoryOffsets.Names"/>
    public string[] Names(MojoHeader header) => offsets.Names(header);

    /// <param name="row">Plain values.</param>
    /// <param name="encoded"><see cref="Width"/> values.</param>
    public void Encode<T>(ReadOnlySpan<T> row, Span<T> encoded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        encoded[..offsets.Blocks].Fill(sparse ? T.NaN : T.Zero);
        for (var c = 0; c < offsets.Categories; c++)
        {
            if (offsets.Place(c, double.CreateTruncating(row[c])) is >= 0 and var place) encoded[place] = T.One;
        }
        for (var i = 0; i < offsets.Numbers; i++)
        {
            var value = row[offsets.Categories + i];
            encoded[offsets.Blocks + i] = sparse && value == T.Zero ? T.NaN : value;
        }
    }
}

/// <summary>Encodes inputs as plain rows, and these for a booster.</summary>
/// <param name="plain">Of the plain rows.</param>
internal sealed class BoosterEncoder(FeatureEncoder plain, BoosterEncoding encoding) : FeatureEncoder(encoding.Width)
{
    /// <summary>Plain values that are encoded at a time.</summary>
    private const int PlainPerBlock = 16384;

    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var count = rows.Length / Features;
        var block = Math.Max(1, Math.Min(count, PlainPerBlock / plain.Features));
        var buffer = ArrayPool<T>.Shared.Rent(block * plain.Features);
        for (var done = 0; done < count; done += block)
        {
            var values = buffer.AsSpan(0, Math.Min(block, count - done) * plain.Features);
            plain.Encode(inputs, first + done, values);
            for (int at = 0, row = done; at < values.Length; at += plain.Features, row++)
            {
                encoding.Encode<T>(values.Slice(at, plain.Features), rows.Slice(row * Features, Features));
            }
        }
        ArrayPool<T>.Shared.Return(buffer);
    }
}
