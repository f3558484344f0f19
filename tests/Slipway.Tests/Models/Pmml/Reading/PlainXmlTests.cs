using System.Text;
using System.Xml;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Tests.Models.Pmml.Reading;

public sealed class PlainXmlTests
{
    private const string Sample = """
        <?xml version="1.0" encoding="UTF-8"?>
        <PMML xmlns="http://www.dmg.org/PMML-4_4" xmlns:d="urn:d" version="4.4">
        	<Node id='1' score="a b"  value="]]>'">
        		<True/><T>one
        two</T><T x="1"></T>
        		<d:T> x </d:T><C><d:C-1 a="&lt;&gt;&amp;&quot;&apos;"/><D/></C><T>&amp;]]&gt;</T>
        		<T> a <B/> b </T><T a="1" b="2" c="x>y"/>
        	</Node >
        	<A-b.c_1 score = "1"></A-b.c_1>
        </PMML>

        """;

    private static readonly string[] AttributeNames = ["id", "score", "value", "version", "xmlns", "xmlns:d", "a", "b", "c", "x"];

    /// <summary>Without what is well-formed, but not plain.</summary>
    private static string Plain => Sample.Replace("</Node >", "</Node>", StringComparison.Ordinal).Replace("score = ", "score=", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    [Fact]
    public void PlainElementReader_gives_what_the_general_reader_gives()
    {
        var document = Encoding.ASCII.GetBytes(Plain);

        Assert.True(PlainXml.Matches(document));
        Assert.Equal(Walk(new XmlElementReader(new MemoryStream(document))), Walk(new PlainElementReader(document)));
    }

    [Theory]
    [InlineData("</Node>", "</Node >")]
    [InlineData("one", "&#60;")]
    [InlineData("one", "&unknown;")]
    [InlineData("xmlns:d=", "xmlns:e=")]
    [InlineData("urn:d", "http://www.dmg.org/PMML-4_3")]
    [InlineData("urn:d", "")]
    [InlineData("one", "é")]
    [InlineData("one", "\r")]
    [InlineData("one", "]]>")]
    [InlineData("one", "<!-- -->")]
    [InlineData("one", "<![CDATA[x]]>")]
    [InlineData("<True/>", "<True><Node></True></Node>")]
    [InlineData("<True/>", "<e:True/>")]
    [InlineData("<True/>", "<True xmlns=\"urn:d\"/>")]
    [InlineData("<True/>", "<True a=\"1\" a=\"2\"/>")]
    [InlineData("<True/>", "<True a=\"1\"b=\"2\"/>")]
    [InlineData("<True/>", "<True a=\"\t\"/>")]
    [InlineData("</PMML>", "</PMML><PMML/>")]
    [InlineData("</PMML>", "</PMML>x")]
    [InlineData("</PMML>", "")]
    [InlineData("<PMML", "<!DOCTYPE PMML><PMML")]
    [InlineData("dmg.org", "example.org")]
    [InlineData("UTF-8", "ISO-8859-1")]
    public void Matches_leaves_to_the_general_reader_what_is_not_plain(string text, string other)
    {
        Assert.Contains(text, Plain, StringComparison.Ordinal);

        Assert.False(PlainXml.Matches(Encoding.UTF8.GetBytes(Plain.Replace(text, other, StringComparison.Ordinal))));
    }

    [Fact]
    public void Matches_refuses_depths_that_the_general_reader_refuses()
    {
        Assert.True(PlainXml.Matches(Nested(ElementReader.MaxDepth + 1)));
        Assert.False(PlainXml.Matches(Nested(ElementReader.MaxDepth + 2)));

        static byte[] Nested(int elements) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<a>", elements)) + string.Concat(Enumerable.Repeat("</a>", elements)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_matches_is_well_formed_and_is_read_alike_after_any_change(int seed)
    {
        var random = new Random(seed);
        var plain = Encoding.ASCII.GetBytes(Plain);
        var pieces = Encoding.ASCII.GetBytes("<>/=\"' \n\t&;]!?-:adTCN1x\0\u007f");
        var matched = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var document = plain.ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(document.Count);
                switch (random.Next(4))
                {
                    case 0: document[at] = pieces[random.Next(pieces.Length)]; break;
                    case 1: document.RemoveAt(at); break;
                    case 2: document.Insert(at, pieces[random.Next(pieces.Length)]); break;
                    default: document.InsertRange(at, document.GetRange(random.Next(document.Count / 2), random.Next(40))); break;
                }
            }
            byte[] changed = [.. document];
            if (!PlainXml.Matches(changed)) continue;
            matched++;
            using (var xml = XmlReader.Create(new MemoryStream(changed)))
            {
                while (xml.Read())
                {
                }
            }
            Assert.Equal(Walk(new XmlElementReader(new MemoryStream(changed))), Walk(new PlainElementReader(changed)));
        }
        Assert.InRange(matched, 1000, 19_000);
    }

    private static List<string> Walk(ElementReader e)
    {
        var events = new List<string>();
        Add(e, events);
        return events;
    }

    private static void Add(ElementReader e, List<string> events)
    {
        events.Add($"{e.Name} {e.Depth} {e.Place}");
        foreach (var name in AttributeNames) events.Add($"{name}={e.Attribute(name) ?? "-"}");
        var depth = e.Depth;
        if (e.Name == "T")
        {
            events.Add(e.ReadText());
            return;
        }
        while (e.ReadChild(depth, anyNamespace: e.Name == "C")) Add(e, events);
        events.Add($"end {e.Name} {e.Depth} {e.Place}");
    }
}
