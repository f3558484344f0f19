using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>
/// Reads <c>.cbm</c>: a FlatBuffers message with trees and features, then the parts that it announces, of which those of CTRs are read.
/// The schemas are model.fbs, features.fbs and ctr_data.fbs of CatBoost's sources.
/// </summary>
internal ref struct CatBoostBinaryReader
{
    private const string Format = "FlabuffersModel_v1";
    private const string CtrPart = "static_provider_v1";
    private const int BucketSize = 12;

    private readonly ReadOnlySpan<byte> _file;
    private readonly CatBoostDocument _document = new();
    private readonly bool _hasWeights;
    private int _position = 4;

    /// <summary>Several tables may share a vector. Values that are copied are counted, so that a small file cannot ask for many times its size.</summary>
    private long _valuesLeft;

    private CatBoostBinaryReader(ReadOnlySpan<byte> file, bool hasWeights)
    {
        _file = file;
        _hasWeights = hasWeights;
        _valuesLeft = 4L * file.Length;
    }

    public static ReadOnlySpan<byte> Magic => "CBM1"u8;

    /// <param name="hasWeights">Whether the weights of leaves are read, half of a model of one dimension.</param>
    public static CatBoostDocument Read(ReadOnlySpan<byte> file, bool hasWeights = true)
    {
        if (!file.StartsWith(Magic)) throw new ModelException("byte 0: 'CBM1' expected: not a CatBoost model");
        var reader = new CatBoostBinaryReader(file, hasWeights);
        reader.Read();
        return reader._document;
    }

    private void Read()
    {
        var core = Message();
        if (core.Text(0) is var format && format != Format) throw new ModelException($"the format is '{format}', '{Format}' expected");
        if (!core.TryTable(1, out var trees)) throw new ModelException("the model has no trees");
        ReadInfo(core);
        ReadFeatures(trees);
        ReadTrees(trees);
        var parts = core.Vector(3);
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts.Text(i) is var part && part != CtrPart)
            {
                // What follows cannot be found without knowing how long this part is.
                _document.Unsupported.Add($"model part '{part}' (texts and embeddings are not supported)");
                return;
            }
            ReadCtrTables();
        }
        if (_position != _file.Length) throw new ModelException($"byte {_position}: the model ends here, but {_file.Length - _position} bytes follow");
    }

    private void ReadInfo(FlatBufferTable core)
    {
        var info = core.Vector(2);
        for (var i = 0; i < info.Count; i++)
        {
            var entry = info.Table(i);
            _document.Info[Text(entry, 0)] = Text(entry, 1);
        }
    }

    private void ReadFeatures(FlatBufferTable trees)
    {
        var categorical = trees.Vector(4);
        for (var i = 0; i < categorical.Count; i++)
        {
            var feature = categorical.Table(i);
            _document.CategoricalFeatures.Add(new CategoricalFeature(feature.Int32(0, -1), feature.Int32(1, -1), Text(feature, 2)));
        }
        var floats = trees.Vector(5);
        for (var i = 0; i < floats.Count; i++)
        {
            var feature = floats.Table(i);
            var nan = feature.Byte(5);
            if (nan > (byte)NanTreatment.AsTrue) throw new ModelException($"float feature {i}: {nan} is no treatment of missing values");
            _document.FloatFeatures.Add(new FloatFeature(feature.Int32(1, -1), feature.Int32(2, -1), Text(feature, 4), Copy(feature.Values<float>(3)), feature.Boolean(0, false), (NanTreatment)nan));
        }
        var oneHot = trees.Vector(6);
        for (var i = 0; i < oneHot.Count; i++)
        {
            var feature = oneHot.Table(i);
            var texts = feature.Vector(2);
            var names = new string[texts.Count];
            for (var j = 0; j < names.Length; j++)
            {
                names[j] = texts.Text(j);
                Count(names[j].Length + 1);
            }
            _document.OneHotFeatures.Add(new OneHotFeature(feature.Int32(0, -1), Copy(feature.Values<int>(1)), names));
        }
        var ctrs = trees.Vector(7);
        for (var i = 0; i < ctrs.Count; i++) _document.CtrFeatures.Add(Ctr(ctrs.Table(i), i));
        ReadEstimatedFeatures(trees);
    }

    private void ReadEstimatedFeatures(FlatBufferTable trees)
    {
        _document.HasEstimatedFeatures = trees.Vector(13).Count > 0;
        foreach (var (slot, kind) in new[] { (12, "text"), (18, "embedding") })
        {
            var features = trees.Vector(slot);
            for (var i = 0; i < features.Count; i++)
            {
                var feature = features.Table(i);
                if (feature.Boolean(kind == "text" ? 3 : 4, true)) _document.Unsupported.Add($"{kind} feature {feature.Int32(1, -1)} '{Text(feature, 2)}'");
            }
        }
    }

    private CtrFeature Ctr(FlatBufferTable feature, int number)
    {
        if (!feature.TryTable(0, out var ctr) || !ctr.TryTable(0, out var counting)) throw new ModelException($"CTR feature {number}: it does not say what it counts");
        var (projection, type, key) = Counting(counting, $"CTR feature {number}");
        return new CtrFeature(projection, type, key, ctr.Int32(1, 0), ctr.Float32(2, 0), ctr.Float32(3, 1), ctr.Float32(4, 0), ctr.Float32(5, 1), Copy(feature.Values<float>(1)));
    }

    private (CtrProjection Projection, CtrType Type, string Key) Counting(FlatBufferTable counting, string owner)
    {
        if (!counting.TryTable(0, out var combination)) throw new ModelException($"{owner}: it does not say which features it counts by");
        var type = counting.Byte(1);
        if (type > (byte)CtrType.FeatureFreq) throw new ModelException($"{owner}: {type} is no type of CTR");
        var projection = new CtrProjection(Copy(combination.Values<int>(0)), Copy(combination.Values<FloatSplit>(1)), Copy(combination.Values<OneHotSplit>(2)));
        return (projection, (CtrType)type, $"{projection.Key}|{type}|{counting.Int32(2, 0)}");
    }

    private void ReadTrees(FlatBufferTable trees)
    {
        _document.Dimensions = trees.Int32(0, 0);
        _document.Splits = Copy(trees.Values<int>(1));
        _document.TreeSizes = Copy(trees.Values<int>(2));
        CheckStarts(trees.Values<int>(3));
        _document.LeafValues = Copy(trees.Values<double>(8));
        if (_hasWeights) _document.LeafWeights = Copy(trees.Values<double>(9));
        var steps = trees.Values<uint>(10);
        if (steps.Length > 0) _document.Nodes = Nodes(steps, trees.Values<uint>(11));
        _document.Scale = trees.Float64(14, 1);
        _document.Bias = Copy(trees.Values<double>(16));
        if (_document.Bias.Length == 0 && trees.Float64(15, 0) is not 0 and var bias) _document.Bias = [bias];
    }

    /// <summary>Trees follow each other in all arrays; where each starts is said again, only so that it need not be summed.</summary>
    private readonly void CheckStarts(ReadOnlySpan<int> starts)
    {
        var start = 0L;
        for (var tree = 0; tree < Math.Min(starts.Length, _document.TreeSizes.Length); tree++)
        {
            if (starts[tree] != start) throw new ModelException($"tree {tree}: it starts at split {starts[tree]}, but {start} splits are before it");
            start += _document.TreeSizes[tree];
        }
    }

    /// <summary>Two 16-bit distances for each node, to the left and to the right child.</summary>
    private readonly StepNode[] Nodes(ReadOnlySpan<uint> steps, ReadOnlySpan<uint> leaves)
    {
        if (leaves.Length != steps.Length) throw new ModelException($"there are {leaves.Length} leaf numbers for {steps.Length} nodes");
        var nodes = new StepNode[steps.Length];
        var (start, end, tree) = (0L, 0L, 0);
        for (var i = 0; i < nodes.Length; i++)
        {
            while (i >= end && tree < _document.TreeSizes.Length) (start, end) = (end, end + _document.TreeSizes[tree++]);
            var (left, right) = ((ushort)steps[i], (ushort)(steps[i] >> 16));
            var node = (int)(i - start);
            nodes[i] = new StepNode(left == 0 ? -1 : node + left, right == 0 ? -1 : node + right, leaves[i]);
        }
        return nodes;
    }

    private void ReadCtrTables()
    {
        var count = Size();
        for (long i = 0; i < count; i++)
        {
            var table = Message();
            var name = $"CTR table {i}";
            if (!table.TryTable(0, out var counting)) throw new ModelException($"{name}: it does not say what it counts");
            var (_, type, key) = Counting(counting, name);
            var buckets = table.Values<byte>(1);
            if (buckets.Length % BucketSize != 0) throw new ModelException($"{name}: its index has {buckets.Length} bytes, not a multiple of {BucketSize}");
            var (hashes, places) = (new ulong[buckets.Length / BucketSize], new int[buckets.Length / BucketSize]);
            for (var b = 0; b < hashes.Length; b++, buckets = buckets[BucketSize..])
            {
                hashes[b] = BinaryPrimitives.ReadUInt64LittleEndian(buckets);
                places[b] = BinaryPrimitives.ReadInt32LittleEndian(buckets[8..]);
            }
            var width = type switch
            {
                CtrType.Borders => Math.Max(2, table.Int32(4, 0)),
                CtrType.Buckets => table.Int32(4, 0),
                CtrType.Counter or CtrType.FeatureFreq => 1,
                _ => 2,
            };
            _document.CtrTables[key] = new CtrTable(name, hashes, places, MemoryMarshal.Cast<byte, int>(table.Values<byte>(2)).ToArray(), width, table.Int32(3, 0));
        }
    }

    /// <summary>The message that stands here after its length.</summary>
    private FlatBufferTable Message()
    {
        var at = _position;
        var size = Size();
        if (size > _file.Length - _position) throw new ModelException($"byte {at}: {size} bytes are announced, {_file.Length - _position} are left");
        var message = _file.Slice(_position, (int)size);
        var start = _position;
        _position += (int)size;
        if (size < 4) throw new ModelException($"byte {at}: a message of {size} bytes");
        return FlatBufferTable.Root(message, start);
    }

    /// <summary>32 bits, or if these are all ones 64 bits more.</summary>
    private long Size()
    {
        var at = _position;
        ulong size = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        if (size == uint.MaxValue) size = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return size <= (ulong)_file.Length ? (long)size : throw new ModelException($"byte {at}: {size} bytes or parts are announced, {_file.Length - _position} bytes are left");
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _file.Length - _position) throw new ModelException($"byte {_position}: the file ends too early");
        var taken = _file.Slice(_position, size);
        _position += size;
        return taken;
    }

    private T[] Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Count(values.Length * Math.Max(1, Unsafe.SizeOf<T>() / 4));
        var copy = GC.AllocateUninitializedArray<T>(values.Length);
        values.CopyTo(copy);
        return copy;
    }

    private string Text(FlatBufferTable table, int slot)
    {
        var text = table.Text(slot);
        Count(text.Length + 1);
        return text;
    }

    private void Count(int values)
    {
        _valuesLeft -= values;
        if (_valuesLeft < 0) throw new ModelException("the file refers to the same values over and over: it asks for many times its own size");
    }
}
