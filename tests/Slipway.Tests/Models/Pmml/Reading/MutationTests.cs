using System.Diagnostics;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;
using Slipway.Tests.Models.Pmml.Transformations;

namespace Slipway.Tests.Models.Pmml.Reading;

/// <summary>Damaged documents: a model exception or a model, never anything else, in bounded time.</summary>
public sealed class MutationTests
{
    private static readonly string[] Documents =
    [
        Document("<NormContinuous field='x' outliers='asMissingValues' mapMissingTo='1'><LinearNorm orig='0' norm='1'/><LinearNorm orig='2' norm='4'/></NormContinuous>"),
        Document("<Discretize field='x' dataType='integer' mapMissingTo='2'><DiscretizeBin binValue='1'><Interval closure='closedOpen' leftMargin='0' rightMargin='1'/></DiscretizeBin></Discretize>"),
        Document("<MapValues outputColumn='o' defaultValue='3'><FieldColumnPair field='t' column='i'/><FieldColumnPair field='x' column='n'/><InlineTable><row><i>a</i><n>1</n><o>5</o></row><row><i>b</i><n>2</n><o>6</o></row></InlineTable></MapValues>"),
        Document("<TextIndex textField='t' maxLevenshteinDistance='1'><TextIndexNormalization recursive='true'><InlineTable><row><string>b+</string><stem>a</stem><regex>true</regex></row></InlineTable></TextIndexNormalization><Constant>a b</Constant></TextIndex>"),
        Document("<Apply function='double'><Apply function='+'><Lag field='x' n='12' aggregate='avg'/><NormDiscrete field='t' value='a' mapMissingTo='0.5'/></Apply></Apply>"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_text_is_refused_or_read(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 750; i++)
        {
            var document = Documents[random.Next(Documents.Length)];
            if (i % 2 == 1) document = i % 4 == 1 ? JsonForm.Jackson(document) : JsonForm.XmlToDict(document);
            Open(Damage(Encoding.UTF8.GetBytes(document), random), $"seed {seed}, mutation {i}");
        }
    }

    [Fact]
    public void Every_beginning_of_a_document_is_refused()
    {
        foreach (var xml in Documents)
        {
            foreach (var document in new[] { xml, JsonForm.Jackson(xml), JsonForm.XmlToDict(xml) })
            {
                var bytes = Encoding.UTF8.GetBytes(document);
                for (var length = 0; length < bytes.Length - 1; length += 7) Assert.False(Open(bytes[..length], $"the first {length} bytes"));
            }
        }
    }

    private static string Document(string expression) => PmmlTest.Document(
        "x t:string *y", Derived.Model(expression),
        "<DefineFunction name='double' optype='continuous'><ParameterField name='p'/><Apply function='*'><FieldRef field='p'/><Constant>2</Constant></Apply></DefineFunction>");

    private static byte[] Damage(byte[] document, Random random)
    {
        var bytes = document.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (at, length) = (random.Next(bytes.Count), random.Next(1, 40));
            length = Math.Min(length, bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                case 3: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.GetItems(["99999999999", "-1", "NaN", "1e308", "\"", "'", "<", "\0", "{", "]", "&#0;", "x"], 1)[0])); break;
                default:
                    var digits = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
                    if (digits >= 0) bytes[digits] = (byte)('0' + random.Next(10));
                    break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }

    /// <returns>Whether it is a model.</returns>
    private static bool Open(byte[] document, string what)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var model = PmmlRuntime.Open(new MemoryStream(document));
            Score(model);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}\n{Encoding.UTF8.GetString(document)}", e);
        }
        finally
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{what}: a hang");
        }
    }

    private static void Score(RowProgramModel model)
    {
        var scorer = model.CreateScorer();
        foreach (var given in new[] { "1", "a", "b b ab", "" })
        {
            try
            {
                for (var i = 0; i < scorer.InputCount; i++) scorer.Set(i, given);
                scorer.Score();
                for (var i = 0; i < scorer.OutputCount; i++) scorer.Text(i);
            }
            catch (RecordException)
            {
                // what a bad record is
            }
        }
    }
}
