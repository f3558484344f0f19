using System.Buffers.Binary;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.CatBoost;

/// <summary>Every byte of a model file is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileFileTests
{
    /// <summary>Per case: a share that does not depend on the file, and bytes for each byte of it.</summary>
    private const long MaxBytes = 16 << 20;
    private const long MaxBytesPerByte = 200;

    /// <summary>Per model: more than two thousand for each format.</summary>
    private const int Mutations = 500;

    public static TheoryData<string> Models =>
    [
        "rmse.cbm", "multiclass.cbm", "multiclass-unseen.cbm", "asymmetric-logloss.cbm", "categories.cbm", "asymmetric-categories.cbm",
        "rmse.json", "multiclass.json", "asymmetric-uncertainty.json", "categories.json", "asymmetric-categories.json",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_at_any_percent_is_refused(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        for (var percent = 0; percent < 100; percent++) Assert.NotNull(ReadWithin(model, bytes[..(bytes.Length * percent / 100)]));
        Assert.NotNull(ReadWithin(model, bytes[..^2]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_file_is_refused_or_runs(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        var random = new Random(model.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(model, Damage(bytes, random, model.EndsWith(".cbm", StringComparison.Ordinal))) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    /// <summary>Offsets, counts and numbers of a cbm are 32 bits, most of them aligned: each in turn becomes something it must not be.</summary>
    [Theory]
    [InlineData("categories.cbm")]
    [InlineData("asymmetric-logloss.cbm")]
    public void Any_word_of_a_cbm_may_be_false(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        uint[] false32 = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0];
        for (var at = 0; at + 4 <= bytes.Length; at += bytes.Length > 8192 ? 12 : 4)
        {
            var damaged = bytes.ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), false32[at / 4 % false32.Length]);
            ReadWithin(model, damaged);
        }
    }

    [Theory]
    [InlineData("{\"trees\":[", 100_000, "{\"left\":")]
    [InlineData("{\"features_info\":", 100_000, "{\"x\":")]
    [InlineData("{\"model_info\":{\"a\":", 100_000, "[")]
    [InlineData("{\"oblivious_trees\":[{\"splits\":", 100_000, "[")]
    public void Deep_nesting_in_JSON_is_refused(string start, int times, string nested) =>
        Assert.NotNull(ReadWithin("deep.json", Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(nested, times)))));

    /// <summary>A thousand float features whose borders are one and the same long vector.</summary>
    [Fact]
    public void Vectors_that_are_referred_to_over_and_over_are_not_copied_each_time()
    {
        var original = File.ReadAllBytes(GoldenFiles.PathOf("rmse.cbm"));
        var core = BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(4));
        Assert.Equal(original.Length, core + 8);
        // After the message: the layout of a float feature, 5,000 offsets to one such table, the table, and its 20,000 borders.
        var message = new List<byte>(original[8..]);
        while (message.Count % 4 != 0) message.Add(0);
        var layout = message.Count;
        message.AddRange(new byte[] { 12, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4, 0 });
        var features = message.Count;
        Add(5_000);
        var table = message.Count + (4 * 5_000);
        for (var i = 0; i < 5_000; i++) Add(table - message.Count);
        Add(table - layout);
        Add(4);
        Add(20_000);
        message.AddRange(new byte[80_000]);
        var file = new List<byte>();
        file.AddRange("CBM1"u8);
        file.AddRange(BitConverter.GetBytes(message.Count));
        file.AddRange(message);
        var bytes = file.ToArray();
        Redirect(bytes.AsSpan(8), slot: 5, features);
        Assert.StartsWith("the file refers to the same values over and over", Refusal("shared.cbm", bytes), StringComparison.Ordinal);

        void Add(int value) => message.AddRange(BitConverter.GetBytes(value));
    }

    [Fact]
    public void The_error_of_a_file_names_the_file_and_the_place()
    {
        Assert.Equal("byte 0: 'CBM1' expected: not a CatBoost model", Refusal("x.cbm", "CBM2xxxxxxxx"u8));
        Assert.Equal("byte 4: 2147483647 bytes or parts are announced, 0 bytes are left", Refusal("x.cbm", [67, 66, 77, 49, 255, 255, 255, 127]));
        Assert.Equal("byte 36: a number expected, String found", Refusal("x.json", "{\"oblivious_trees\":[{\"leaf_values\":[\"one\"]}]}"u8));
        Assert.Equal("there are no 'oblivious_trees' and no 'trees': not a CatBoost model", Refusal("x.json", "{\"features_info\":{}}"u8));
        Assert.Equal("tree 0: 3 values for 2 leaves", Refusal("x.json", "{\"oblivious_trees\":[{\"leaf_values\":[1,2,3],\"splits\":[{\"split_index\":0,\"split_type\":\"FloatFeature\"}]}]}"u8));
        Assert.StartsWith("split_index 0 of a split by Float feature: there are 0 borders of numbers", Refusal("x.json", "{\"oblivious_trees\":[{\"leaf_values\":[1,2],\"splits\":[{\"split_index\":0,\"split_type\":\"FloatFeature\"}]}]}"u8), StringComparison.Ordinal);
    }

    private static string Refusal(string name, ReadOnlySpan<byte> file) => ReadWithin(name, file.ToArray())!.Message;

    /// <summary>Lets a field of the trees (slot 1 of the root) lead elsewhere.</summary>
    private static void Redirect(Span<byte> message, int slot, int target)
    {
        var root = BinaryPrimitives.ReadInt32LittleEndian(message);
        var trees = FieldOf(message, root, 1);
        trees += BinaryPrimitives.ReadInt32LittleEndian(message[trees..]);
        var field = FieldOf(message, trees, slot);
        BinaryPrimitives.WriteInt32LittleEndian(message[field..], target - field);
    }

    private static int FieldOf(ReadOnlySpan<byte> message, int table, int slot)
    {
        var vtable = table - BinaryPrimitives.ReadInt32LittleEndian(message[table..]);
        return table + BinaryPrimitives.ReadUInt16LittleEndian(message[(vtable + 4 + (2 * slot))..]);
    }

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(string name, byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            var format = name.EndsWith(".cbm", StringComparison.Ordinal) ? CatBoostFormat.Binary : CatBoostFormat.Json;
            var definition = format.Read(file);
            if (definition.Unsupported.IsEmpty) Score(definition);
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes + (MaxBytesPerByte * file.Length));
        return refusal;
    }

    private static void Score(TreeModelDefinition definition)
    {
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default with { Threads = 1 });
        using var inputs = new Batch();
        foreach (var input in definition.Signature.Inputs)
        {
            if (input.Shape.Length == 2) inputs.Add(Tensor.Of<float>(input.Name, Trees.RandomForests.Rows(1, 3, (int)input.Shape[1]), 3, input.Shape[1]));
            else if (input.Type == ElementType.Bytes) inputs.Add(Tensor.OfText(input.Name, "red", null, "-3"));
            else inputs.Add(Tensor.Of<double>(input.Name, [0.25, double.NaN, -1e30]));
        }
        model.Run(inputs).Dispose();
    }

    private static byte[] Damage(byte[] bytes, Random random, bool isBinary)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(isBinary ? 4 : 6))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
                case 3:
                    for (var j = at; j < Math.Min(damaged.Count, at + 8); j++) damaged[j] = 0;
                    break;
                case 4: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 40), damaged.Count - at))); break;
                default: damaged[at] = (byte)"0123456789-eE.[]{},:\"tfn"[random.Next(24)]; break;
            }
        }
        return [.. damaged];
    }
}
