using System.Buffers.Binary;

namespace Slipway.Tests.Models.H2O;

/// <summary>A tree as a tree: what it says of a row is found by walking it, and its bytes are written as H2O's compressor writes them.</summary>
internal abstract record TestTree
{
    /// <param name="version">Of the archive: the meaning of sets of levels changed.</param>
    public abstract float Score(double[] row, double version);

    public abstract int Size(double version);

    public abstract void Write(Stream stream, double version);

    public byte[] Bytes(double version)
    {
        using var stream = new MemoryStream();
        Write(stream, version);
        return stream.ToArray();
    }

    /// <summary>The file beside the tree: 40 bytes for each split, in preorder. Nodes are numbered level by level.</summary>
    public byte[] Statistics()
    {
        var numbers = new Dictionary<TestTree, int>(ReferenceEqualityComparer.Instance);
        var queue = new Queue<TestTree>([this]);
        while (queue.TryDequeue(out var node))
        {
            numbers.Add(node, numbers.Count);
            if (node is not TestSplit split) continue;
            queue.Enqueue(split.Left);
            queue.Enqueue(split.Right);
        }
        using var stream = new MemoryStream();
        Visit(this);
        return stream.ToArray();

        void Visit(TestTree node)
        {
            if (node is not TestSplit split) return;
            Span<byte> record = stackalloc byte[40];
            BinaryPrimitives.WriteInt32LittleEndian(record, numbers[node]);
            BinaryPrimitives.WriteSingleLittleEndian(record[8..], split.Left.Weight);
            BinaryPrimitives.WriteSingleLittleEndian(record[12..], split.Right.Weight);
            BinaryPrimitives.WriteSingleLittleEndian(record[16..], split.Left.Mean);
            BinaryPrimitives.WriteSingleLittleEndian(record[20..], split.Right.Mean);
            BinaryPrimitives.WriteInt32LittleEndian(record[32..], numbers[split.Left]);
            BinaryPrimitives.WriteInt32LittleEndian(record[36..], numbers[split.Right]);
            stream.Write(record);
            Visit(split.Left);
            Visit(split.Right);
        }
    }

    public abstract float Weight { get; }

    public abstract float Mean { get; }
}

internal sealed record TestLeaf(float Value) : TestTree
{
    public override float Weight => 3;

    public override float Mean => Value;

    public override float Score(double[] row, double version) => Value;

    public override int Size(double version) => 7;

    /// <summary>As a whole tree; inside of one, only the value is written.</summary>
    public override void Write(Stream stream, double version)
    {
        stream.Write([0, 0xFF, 0xFF]);
        WriteValue(stream);
    }

    public void WriteValue(Stream stream) => stream.Write(BitConverter.GetBytes(Value));
}

/// <param name="Direction">H2O's number for where missing values go: 1 right and all others left, 2 and 4 left, 3 and 5 right.</param>
/// <param name="Set">A bit for each level from <paramref name="First"/> on, 1 goes right; null for a threshold.</param>
internal sealed record TestSplit(int Column, int Direction, float Threshold, bool[]? Set, int First, int Levels, TestTree Left, TestTree Right) : TestTree
{
    public override float Weight => Left.Weight + Right.Weight;

    public override float Mean => ((Left.Mean * Left.Weight) + (Right.Mean * Right.Weight)) / Weight;

    public override float Score(double[] row, double version) => (GoesRight(row[Column], version) ? Right : Left).Score(row, version);

    public override int Size(double version) => 4 + ValueSize(version) + (Left is TestLeaf ? 4 : SizeBytes(version) + Left.Size(version)) + (Right is TestLeaf ? 4 : Right.Size(version));

    public override void Write(Stream stream, double version)
    {
        var left = Left is TestLeaf ? 48 : SizeBytes(version) - 1;
        var kind = Direction == 1 || Set is null ? 0 : IsShort ? 8 : 12;
        stream.Write([(byte)(left | kind | (Right is TestLeaf ? 0xC0 : 0)), (byte)Column, (byte)(Column >> 8), (byte)Direction]);
        if (Direction != 1) WriteCondition(stream, version);
        if (Left is TestLeaf leaf) leaf.WriteValue(stream);
        else
        {
            stream.Write(BitConverter.GetBytes(Left.Size(version)).AsSpan(0, SizeBytes(version)));
            Left.Write(stream, version);
        }
        if (Right is TestLeaf last) last.WriteValue(stream);
        else Right.Write(stream, version);
    }

    private bool IsShort => First == 0 && Set!.Length == 32;

    private bool GoesRight(double value, double version)
    {
        var missingRight = Direction is 1 or 3 or 5;
        if (double.IsNaN(value)) return missingRight;
        if (Direction == 1) return false;
        if (Set is null) return value >= Threshold;
        var place = (int)value - First;
        var bits = version <= 1.1 && !IsShort ? (Set.Length + 7) / 8 * 8 : Set.Length;
        if (place >= 0 && place < bits) return place < Set.Length && Set[place];
        return version > 1.0 && missingRight;
    }

    private void WriteCondition(Stream stream, double version)
    {
        if (Set is null)
        {
            stream.Write(BitConverter.GetBytes(Threshold));
            return;
        }
        var bits = new byte[(Set.Length + 7) / 8];
        for (var i = 0; i < Set.Length; i++)
        {
            if (Set[i]) bits[i >> 3] |= (byte)(1 << (i & 7));
        }
        if (!IsShort)
        {
            stream.Write(BitConverter.GetBytes((ushort)First));
            if (version <= 1.1) stream.Write(BitConverter.GetBytes((ushort)bits.Length));
            else stream.Write(BitConverter.GetBytes(Set.Length));
        }
        stream.Write(bits);
    }

    private int ValueSize(double version) => Direction == 1 ? 0 : Set is null || IsShort ? 4 : (version <= 1.1 ? 4 : 6) + ((Set.Length + 7) / 8);

    private int SizeBytes(double version) => Left.Size(version) switch { < 256 => 1, < 65536 => 2, < 1 << 24 => 3, _ => 4 };
}
