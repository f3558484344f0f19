using System.Buffers;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Monitoring.Samples;

/// <summary>The JSON of samples as columns: read once, as a stream, into the columns that are wanted.</summary>
public static class SampleTable
{
    /// <summary>Rows in the order of the samples. A column is taken from the prediction, else from the input; numbers come as doubles.</summary>
    /// <param name="columns">Wanted names and kinds. A value that is absent, null, an array, or of another kind is missing.</param>
    /// <returns>A batch with these columns <c>[samples]</c>; the caller disposes it.</returns>
    public static Batch Read(IReadOnlyList<Sample> samples, TableSchema columns)
    {
        var wanted = new Column[columns.Columns.Length];
        for (var i = 0; i < wanted.Length; i++) wanted[i] = new Column(columns.Columns[i], samples.Count);
        for (var row = 0; row < samples.Count; row++)
        {
            ReadObject(samples[row].Prediction, wanted, row);
            ReadObject(samples[row].Input, wanted, row);
            foreach (var column in wanted) column.EndRow(row);
        }
        return new Batch([.. wanted.Select(c => c.Tensor)]);
    }

    private static void ReadObject(string json, Column[] wanted, int row)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(0, Encoding.UTF8.GetBytes(json, buffer)));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
            // Rows have their properties in the same order, so the next wanted column is mostly the next property.
            var expected = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Column? column = null;
                for (var i = 0; i < wanted.Length && column is null; i++)
                {
                    var candidate = wanted[(expected + i) % wanted.Length];
                    if (!reader.ValueTextEquals(candidate.Name)) continue;
                    column = candidate;
                    expected += i + 1;
                }
                reader.Read();
                if (column is null || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
                else column.Set(row, ref reader);
            }
        }
        catch (JsonException)
        {
            // What was read before the damage stays; the rest of the row is missing.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Column(ColumnSpec spec, int rows)
    {
        private bool _set;

        public byte[] Name { get; } = Encoding.UTF8.GetBytes(spec.Name);

        public Tensor Tensor { get; } = new(spec.Name, spec.Type.IsNumeric ? ElementType.Float64 : spec.Type, rows);

        public void Set(int row, ref Utf8JsonReader reader)
        {
            if (_set) return;
            switch (Tensor.Type)
            {
                case ElementType.Bytes:
                    if (reader.TokenType == JsonTokenType.String) SetText(ref reader);
                    break;
                case ElementType.Bool:
                    if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) break;
                    Tensor.RawData[row] = reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0;
                    _set = true;
                    break;
                default:
                    if (Number(ref reader) is not { } number) break;
                    // Written with the digits of a float: read back it must be that float, or it would fall beside a bin's edge that it is equal to.
                    Tensor.Values<double>()[row] = spec.Type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 ? (float)number : number;
                    _set = true;
                    break;
            }
        }

        public void EndRow(int row)
        {
            if (!_set)
            {
                if (Tensor.Type == ElementType.Bytes) Tensor.AppendMissing();
                else Tensor.SetMissing(row);
            }
            _set = false;
        }

        private static double? Number(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDouble(out var number) => number,
            JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
            JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
            JsonTokenType.True => 1,
            JsonTokenType.False => 0,
            _ => null,
        };

        private void SetText(ref Utf8JsonReader reader)
        {
            if (reader.ValueIsEscaped)
            {
                var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
                Tensor.Append(text.AsSpan(0, reader.CopyString(text)));
                ArrayPool<byte>.Shared.Return(text);
            }
            else
            {
                Tensor.Append(reader.ValueSpan);
            }
            _set = true;
        }
    }
}
