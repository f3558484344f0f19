using Slipway.Core;
using Slipway.Models.Formats.Treelite;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Treelite;

/// <summary>Every byte of a checkpoint is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileFileTests
{
    /// <summary>Per case; the golden checkpoints are up to 40 KB. Names for generated columns are the most that a damaged count can ask for.</summary>
    private const long MaxBytes = 24 << 20;

    private const int Mutations = 2000;

    public static TheoryData<string> Models => ["operators32.v3.tl", "operators64.v4.tl", "equality64.v4.tl", "categories32.v3.tl", "categories64.v4.tl", "two-targets32.v4.tl", "class-leaves64.v4.tl", "sklearn-forest.v3.tl"];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_at_any_percent_is_refused(string model)
    {
        var bytes = GoldenFiles.Read(model);
        for (var percent = 0; percent < 100; percent++) Assert.NotNull(ReadWithin(bytes[..(bytes.Length * percent / 100)]));
        Assert.NotNull(ReadWithin(bytes[..^1]));
        Assert.NotNull(ReadWithin([.. bytes, 0]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_file_is_refused_or_runs(string model)
    {
        var bytes = GoldenFiles.Read(model);
        var random = new Random(model.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(Damage(bytes, random)) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_header_is_refused_or_runs(string model)
    {
        var bytes = GoldenFiles.Read(model);
        for (var at = 0; at < Math.Min(bytes.Length, 360); at++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                var damaged = bytes.AsSpan().ToArray();
                damaged[at] = value;
                ReadWithin(damaged);
            }
        }
    }

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            var definition = new TreeliteFormat().Read(file);
            if (definition.Unsupported.IsEmpty) Score(definition);
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes + (32L * file.Length));
        return refusal;
    }

    private static void Score(TreeModelDefinition definition)
    {
        var features = (int)definition.Signature.Inputs[0].Shape[1];
        if (features > 1000) return;
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        var rows = Trees.RandomForests.Rows(1, 10, features);
        using var inputs = new Batch(definition.Signature.Inputs[0].Type == ElementType.Float32
            ? Tensor.Of<float>("input", rows, 10, features)
            : Tensor.Of<double>("input", Array.ConvertAll(rows, x => (double)x), 10, features));
        using var outputs = model.Run(inputs);
        Assert.Equal(10, outputs[0].Rows);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            // Half of the damage near the start, where the counts are.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(damaged.Count, 500) : damaged.Count);
            switch (random.Next(5))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 9), damaged.Count - at)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 40), damaged.Count - at))); break;
                default:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
            }
            if (damaged.Count == 0) damaged.Add(0);
        }
        return [.. damaged];
    }
}
