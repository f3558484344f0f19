
namespace Slipway.Benchmarks.Trees;

/// <summary>A checkpoint of Treelite 4, with the statistics that its importer of XGBoost's models keeps.</summary>
internal static class TreeLoadTreelite
{
    private const int BytesPerNode = 74;
    private const byte Float32 = 2;
    private const byte Regressor = 1;
    private const byte NumericalTest = 1;
    private const byte LessThan = 2;

    public static void Write(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        var trees = (int)Math.Max(1, bytes / (BytesPerNode * forest.Nodes));
        using var writer = new BinaryWriter(File.Create(path));
        foreach (var part in new[] { 4, 1, 2 }) writer.Write(part);
        writer.Write([Float32, Float32]);
        writer.Write((ulong)trees);
        writer.Write(TreeLoadForest.Features);
        writer.Write([Regressor, (byte)0]);
        writer.Write(1);
        Array(1, _ => writer.Write(1));
        Array(2, _ => writer.Write(1));
        Array(trees, _ => writer.Write(0));
        Array(trees, _ => writer.Write(0));
        Bytes("identity"u8);
        writer.Write(1f);
        writer.Write(1f);
        Array(1, _ => writer.Write(0.5));
        Bytes("{}"u8);
        writer.Write(0);
        for (var t = 0; t < trees; t++)
        {
            forest.Grow();
            WriteTree();
        }

        void WriteTree()
        {
            var splits = forest.Splits;
            writer.Write(forest.Nodes);
            writer.Write((byte)0);
            Column(_ => writer.Write(NumericalTest), _ => writer.Write((byte)0));
            Column(s => writer.Write(Node(forest.Left[s])), _ => writer.Write(-1));
            Column(s => writer.Write(Node(forest.Right[s])), _ => writer.Write(-1));
            Column(s => writer.Write(forest.Feature[s]), _ => writer.Write(-1));
            Column(s => writer.Write(forest.DefaultLeft[s]), _ => writer.Write(false));
            Column(_ => writer.Write(0f), l => writer.Write((float)forest.LeafValues[l]));
            Column(s => writer.Write(forest.Threshold(s)), _ => writer.Write(0f));
            Column(_ => writer.Write(LessThan), _ => writer.Write((byte)0));
            Column(_ => writer.Write(false), _ => writer.Write(false));
            // Vectors of leaves and categories of splits: for each node where its begin and end, none.
            for (var array = 0; array < 2; array++)
            {
                writer.Write(0UL);
                Column(_ => writer.Write(0UL), _ => writer.Write(0UL));
                Column(_ => writer.Write(0UL), _ => writer.Write(0UL));
            }
            writer.Write(0UL);
            writer.Write(0UL);
            Column(s => writer.Write((double)forest.SplitCounts[s]), l => writer.Write((double)forest.LeafCounts[l]));
            Column(_ => writer.Write(true), _ => writer.Write(true));
            Column(s => writer.Write((double)forest.Gains[s]), _ => writer.Write(0.0));
            Column(_ => writer.Write(true), _ => writer.Write(false));
            writer.Write(0);
            writer.Write(0);

            int Node(int child) => child >= 0 ? child : splits + ~child;

            void Column(Action<int> ofSplit, Action<int> ofLeaf) => Array(forest.Nodes, n =>
            {
                if (n < splits) ofSplit(n);
                else ofLeaf(n - splits);
            });
        }

        void Array(int count, Action<int> item)
        {
            writer.Write((ulong)count);
            for (var i = 0; i < count; i++) item(i);
        }

        void Bytes(ReadOnlySpan<byte> text)
        {
            writer.Write((ulong)text.Length);
            writer.Write(text);
        }
    }
}
