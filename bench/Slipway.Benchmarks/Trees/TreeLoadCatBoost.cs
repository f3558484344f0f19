using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Benchmarks.Trees;

/// <summary>A model of CatBoost's symmetric trees of its usual depth, binary and as JSON.</summary>
internal static class TreeLoadCatBoost
{
    private const int Depth = 6;
    private const int Leaves = 1 << Depth;
    private const int Dimensions = 1;

    public static void WriteBinary(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        var trees = (int)Math.Max(1, bytes / (Leaves * 2 * sizeof(double)));
        using var message = new FlatBufferMessage();
        var core = message.Root(4);
        message.Text(core, 0, "FlabuffersModel_v1");
        var table = message.Table(core, 1, 17);
        message.Inline(table, 0, Dimensions);
        message.Vector<int>(table, 1, [.. Enumerable.Range(0, trees * Depth).Select(_ => forest.Next(TreeLoadForest.Features * TreeLoadForest.Borders))]);
        message.Vector<int>(table, 2, [.. Enumerable.Repeat(Depth, trees)]);
        message.Vector<int>(table, 3, [.. Enumerable.Range(0, trees).Select(t => t * Depth)]);
        message.Vector<double>(table, 8, [.. Enumerable.Range(0, trees * Leaves).Select(_ => forest.NextValue())]);
        message.Vector<double>(table, 9, [.. Enumerable.Range(0, trees * Leaves).Select(_ => (double)forest.Next(1000))]);
        message.Inline(table, 14, 1.0);
        var features = message.Tables(table, 5, TreeLoadForest.Features, 6);
        for (var f = 0; f < TreeLoadForest.Features; f++)
        {
            message.Inline(features[f], 1, f);
            message.Inline(features[f], 2, f);
            message.Vector<float>(features[f], 3, [.. Enumerable.Range(0, TreeLoadForest.Borders).Select(b => TreeLoadForest.BorderValue(f, b))]);
            message.Text(features[f], 4, TreeLoadForest.Name(f));
        }
        using var file = File.Create(path);
        file.Write("CBM1"u8);
        file.Write(BitConverter.GetBytes(message.Bytes.Length));
        file.Write(message.Bytes);
    }

    public static void WriteJson(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        using var writer = new StreamWriter(path);
        writer.Write("{\"features_info\":{\"float_features\":[");
        for (var f = 0; f < TreeLoadForest.Features; f++)
        {
            var borders = string.Join(',', Enumerable.Range(0, TreeLoadForest.Borders).Select(b => Text(TreeLoadForest.BorderValue(f, b))));
            writer.Write($$"""{{(f == 0 ? "" : ",")}}{"borders":[{{borders}}],"feature_id":"{{TreeLoadForest.Name(f)}}","feature_index":{{f}},"flat_feature_index":{{f}},"has_nans":false,"nan_value_treatment":"AsIs"}""");
        }
        writer.Write("]},\"model_info\":{\"params\":{\"loss_function\":{\"type\":\"RMSE\"}}},\"oblivious_trees\":[");
        for (var t = 0; writer.BaseStream.Position < bytes; t++)
        {
            writer.Write(t == 0 ? "{\"leaf_values\":[" : ",{\"leaf_values\":[");
            for (var leaf = 0; leaf < Leaves; leaf++) writer.Write($"{(leaf == 0 ? "" : ",")}{Text(forest.NextValue())}");
            writer.Write("],\"leaf_weights\":[");
            for (var leaf = 0; leaf < Leaves; leaf++) writer.Write($"{(leaf == 0 ? "" : ",")}{forest.Next(1000)}");
            writer.Write("],\"splits\":[");
            for (var level = 0; level < Depth; level++)
            {
                var (feature, border) = (forest.Next(TreeLoadForest.Features), forest.Next(TreeLoadForest.Borders));
                var number = (feature * TreeLoadForest.Borders) + border;
                writer.Write($$"""{{(level == 0 ? "" : ",")}}{"border":{{Text(TreeLoadForest.BorderValue(feature, border))}},"float_feature_index":{{feature}},"split_index":{{number}},"split_type":"FloatFeature"}""");
            }
            writer.Write("]}");
        }
        writer.Write("],\"scale_and_bias\":[1,[0]]}");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Tables with eight bytes for every field, written front to back: children after their parents.</summary>
    private sealed class FlatBufferMessage : IDisposable
    {
        private readonly MemoryStream _stream = new();

        public ReadOnlySpan<byte> Bytes => _stream.GetBuffer().AsSpan(0, (int)_stream.Length);

        public void Dispose() => _stream.Dispose();

        public int Root(int slots)
        {
            _stream.Write(new byte[4]);
            return Table(0, slots);
        }

        public int Table(int parent, int slot, int slots)
        {
            Present(parent, slot);
            return Table(At(parent, slot), slots);
        }

        public int[] Tables(int parent, int slot, int count, int slots)
        {
            Present(parent, slot);
            Refer(At(parent, slot));
            var vector = (int)_stream.Length;
            _stream.Write(BitConverter.GetBytes(count));
            _stream.Write(new byte[4 * count]);
            return [.. Enumerable.Range(0, count).Select(i => Table(vector + 4 + (4 * i), slots))];
        }

        public void Inline<T>(int table, int slot, T value)
            where T : unmanaged
        {
            MemoryMarshal.Write(_stream.GetBuffer().AsSpan(At(table, slot)), in value);
            Present(table, slot);
        }

        public void Text(int table, int slot, string text) => Vector<byte>(table, slot, [.. Encoding.UTF8.GetBytes(text), 0], text.Length);

        public void Vector<T>(int table, int slot, T[] values)
            where T : unmanaged => Vector(table, slot, values, values.Length);

        private void Vector<T>(int table, int slot, T[] values, int length)
            where T : unmanaged
        {
            Present(table, slot);
            Refer(At(table, slot));
            _stream.Write(BitConverter.GetBytes(length));
            _stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        /// <param name="reference">Where the offset of the table goes.</param>
        private int Table(int reference, int slots)
        {
            var fields = (int)_stream.Length;
            _stream.Write(BitConverter.GetBytes((ushort)(4 + (2 * slots))));
            _stream.Write(BitConverter.GetBytes((ushort)(4 + (8 * slots))));
            _stream.Write(new byte[2 * slots]);
            Refer(reference);
            var table = (int)_stream.Length;
            _stream.Write(BitConverter.GetBytes(table - fields));
            _stream.Write(new byte[8 * slots]);
            return table;
        }

        private static int At(int table, int slot) => table + 4 + (8 * slot);

        /// <summary>Writes the distance to what comes next.</summary>
        private void Refer(int reference) =>
            BinaryPrimitives.WriteInt32LittleEndian(_stream.GetBuffer().AsSpan(reference), (int)_stream.Length - reference);

        private void Present(int table, int slot)
        {
            var bytes = _stream.GetBuffer();
            var fields = table - BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(table));
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(fields + 4 + (2 * slot)), (ushort)(4 + (8 * slot)));
        }
    }
}
