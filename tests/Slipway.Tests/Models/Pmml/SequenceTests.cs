using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

public sealed class SequenceTests
{
    /// <summary>a, then b (0.8); a and b together, then c (0.6); a, then directly c (0.9).</summary>
    private const string Rules = """
        <Item id="1" value="a"/><Item id="2" value="b"/><Item id="3" value="c"/>
        <Itemset id="A"><ItemRef itemRef="1"/></Itemset><Itemset id="B"><ItemRef itemRef="2"/></Itemset><Itemset id="AB"><ItemRef itemRef="1"/><ItemRef itemRef="2"/></Itemset>
        <SetPredicate id="C" field="page" operator="supersetOf"><Array n="1" type="string">c</Array></SetPredicate>
        <Sequence id="sA"><SetReference setId="A"/></Sequence><Sequence id="sB"><SetReference setId="B"/></Sequence>
        <Sequence id="sAB"><SetReference setId="AB"/></Sequence><Sequence id="sC"><SetReference setId="C"/></Sequence>
        <SequenceRule id="r1" numberOfSets="2" occurrence="8" support="0.4" confidence="0.8"><AntecedentSequence><SequenceReference seqId="sA"/></AntecedentSequence>
          <Delimiter delimiter="acrossTimeWindows" gap="true"/><ConsequentSequence><SequenceReference seqId="sB"/></ConsequentSequence></SequenceRule>
        <SequenceRule id="r2" numberOfSets="2" occurrence="6" support="0.3" confidence="0.6"><AntecedentSequence><SequenceReference seqId="sAB"/></AntecedentSequence>
          <Delimiter delimiter="acrossTimeWindows" gap="unknown"/><ConsequentSequence><SequenceReference seqId="sC"/></ConsequentSequence></SequenceRule>
        <SequenceRule id="r3" numberOfSets="2" occurrence="6" support="0.3" confidence="0.9" lift="2"><AntecedentSequence><SequenceReference seqId="sA"/></AntecedentSequence>
          <Delimiter delimiter="acrossTimeWindows" gap="false"/><ConsequentSequence><SequenceReference seqId="sC"/></ConsequentSequence></SequenceRule>
        """;

    private const string Outputs = """
        <Output><OutputField name="may come" feature="ruleValue" ruleFeature="ruleId" isMultiValued="1" rank="0"/>
        <OutputField name="came true" feature="ruleValue" ruleFeature="ruleId" algorithm="ruleAssociation" isMultiValued="1" rank="0"/></Output>
        """;

    [Fact]
    public void A_history_is_answered_by_the_rules_that_apply_and_those_that_came_true()
    {
        using var model = Open(Outputs + Rules);
        //                   u: a, then b          v: a and b, then c      w: b, then a       x: a, b, c
        var answers = model.Answer(
            ("user", ["u", "v", "u", "v", "w", "v", "w", "x", "x", "x"]),
            ("time", ["2", "5", "1", "5", "1", "9", "2", "1", "2", "3"]),
            ("page", ["b", "a", "a", "b", "b", "c", "a", "a", "b", "c"]));
        Assert.Equal<IEnumerable<string?>>(
            [["u", "[c]", "[r3]", "[r1]"], ["v", "[b]", "[r1]", "[r3, r2]"], ["w", "[c]", "[r3, r1]", "[]"], ["x", "[c]", "[r3]", "[r1]"]],
            answers);
    }

    [Fact]
    public void Without_an_order_records_follow_each_other_as_they_come()
    {
        using var model = Open(Outputs + Rules, order: "");
        Assert.Equal<IEnumerable<string?>>([["u", "[c]", "[r3]", "[r1]"]], model.Answer(("user", ["u", "u"]), ("page", ["a", "b"])));
        Assert.Equal<IEnumerable<string?>>([["u", "[c]", "[r3, r1]", "[]"]], model.Answer(("user", ["u", "u"]), ("page", ["b", "a"])));
    }

    [Fact]
    public void Times_between_sets_are_held_to_the_constraints()
    {
        using var model = Open("<Constraints minimumAntConsSeparationTime='2' maximumAntConsSeparationTime='4'/>" + Outputs + Rules);
        var answers = model.Answer(("user", ["p", "p", "q", "q", "r", "r", "r"]), ("time", ["1", "2", "1", "5", "1", "7", "10"]), ("page", ["a", "b", "a", "b", "a", "a", "b"]));
        Assert.Equal(["[]", "[r1]", "[r1]"], answers.Select(a => a[3]));
    }

    [Fact]
    public void Rules_show_their_sequences()
    {
        using var model = Open("""
            <Output><OutputField name="rule" feature="rule" algorithm="recommendation" rankBasis="support" rank="1"/><OutputField name="c" feature="confidence" algorithm="recommendation"/></Output>
            """ + Rules);
        Assert.Equal<IEnumerable<string?>>([["u", "[c]", "[a] -> [b]", "0.9"]], model.Answer(("user", ["u"]), ("time", ["1"]), ("page", ["a"])));
    }

    [Fact]
    public void Record_without_a_time_is_refused()
    {
        using var model = Open(Rules);
        Assert.Contains("'time'", Assert.Throws<RecordException>(() => model.Answer(("user", ["u", "u"]), ("time", ["1", null]), ("page", ["a", "b"]))).Message, StringComparison.Ordinal);
    }

    /// <summary>Random patterns in random histories against a search that tries every choice of windows.</summary>
    [Fact]
    public void A_pattern_occurs_when_some_choice_of_windows_fits()
    {
        var random = new Random(23);
        var found = 0;
        for (var round = 0; round < 60; round++)
        {
            var gaps = Enumerable.Range(0, 3).Select(_ => random.Next(3)).ToArray();
            var sets = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(3)).Distinct().ToArray()).ToArray();
            var (low, high, total) = (random.Next(3), 3 + random.Next(5), random.Next(2) == 0 ? double.PositiveInfinity : 4 + random.Next(10));
            using var model = Open(Pattern(sets, gaps, low, high, total));
            for (var i = 0; i < 8; i++)
            {
                var records = Enumerable.Range(0, 20).Select(_ => (Time: random.Next(14), Page: random.Next(3))).ToArray();
                var windows = records.GroupBy(r => r.Time).OrderBy(g => g.Key).Select(g => ((double)g.Key, g.Select(r => r.Page).ToHashSet())).ToArray();
                var answer = Assert.Single(model.Answer(
                    ("user", [.. records.Select(_ => "u")]), ("time", [.. records.Select(r => r.Time.ToString(CultureInfo.InvariantCulture))]), ("page", [.. records.Select(r => $"p{r.Page}")])));
                var occurs = Search(sets, gaps, windows, 0, -1, low, high, total, 0);
                found += occurs ? 1 : 0;
                Assert.Equal(occurs ? "[r]" : "[]", answer[2]);
            }
        }
        Assert.InRange(found, 60, 420);
    }

    [Theory]
    [InlineData("<Sequence id='s'><SetReference setId='Z'/></Sequence>", "no Itemset with the id 'Z'")]
    [InlineData("<Sequence id='s'/>", "no SetReference")]
    [InlineData("<SequenceRule id='x' support='1' confidence='1'/>", "AntecedentSequence")]
    [InlineData("<SetPredicate id='s' field='page' operator='equal'/>", "supersetOf")]
    public void Faulty_sequences_are_refused_with_what_is_wrong(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Open(Rules + content)).Message, StringComparison.Ordinal);

    private static bool Search(int[][] sets, int[] gaps, (double Time, HashSet<int> Pages)[] windows, int set, int last, double low, double high, double total, double begin)
    {
        if (set == sets.Length) return windows[last].Time - begin <= total;
        for (var w = 0; w < windows.Length; w++)
        {
            if (!sets[set].All(windows[w].Pages.Contains)) continue;
            var apart = last < 0 ? 0 : windows[w].Time - windows[last].Time;
            var fits = set == 0 || gaps[set - 1] switch
            {
                0 => w == last,
                1 => w == last + 1 && apart >= low && apart <= high,
                _ => w > last && apart >= low && apart <= high,
            };
            if (fits && Search(sets, gaps, windows, set + 1, w, low, high, total, set == 0 ? windows[w].Time : begin)) return true;
        }
        return false;
    }

    /// <summary>The first three sets, then the fourth as the consequent: with the same bounds throughout.</summary>
    private static string Pattern(int[][] sets, int[] gaps, double low, double high, double total)
    {
        var predicates = string.Concat(sets.Select((s, i) => $"<SetPredicate id='S{i}' field='page'><Array type='string'>{string.Join(' ', s.Select(p => $"p{p}"))}</Array></SetPredicate>"));
        var maximum = double.IsPositiveInfinity(total) ? "" : $"maximumTotalSequenceTime='{total}'";
        return $"""
            <Constraints minimumItemsetSeparationTime='{low}' maximumItemsetSeparationTime='{high}' minimumAntConsSeparationTime='{low}' maximumAntConsSeparationTime='{high}' {maximum}/>
            <Output><OutputField name="met" feature="ruleId" algorithm="ruleAssociation" isMultiValued="1" rank="0"/></Output>{predicates}
            <Sequence id="from"><SetReference setId="S0"/>{Delimiter(gaps[0])}<SetReference setId="S1"/>{Delimiter(gaps[1])}<SetReference setId="S2"/></Sequence><Sequence id="to"><SetReference setId="S3"/></Sequence>
            <SequenceRule id="r" support="1" confidence="1"><AntecedentSequence><SequenceReference seqId="from"/></AntecedentSequence>{Delimiter(gaps[2])}
            <ConsequentSequence><SequenceReference seqId="to"/></ConsequentSequence></SequenceRule>
            """;
    }

    private static string Delimiter(int gap) => gap == 0 ? "<Delimiter delimiter='sameTimeWindow' gap='false'/>" : $"<Delimiter delimiter='acrossTimeWindows' gap='{(gap == 1 ? "false" : "true")}'/>";

    private static RowProgramModel Open(string content, string order = "<MiningField name='time' usageType='order'/>") => PmmlTables.Open(
        "<DataField name='user' optype='categorical' dataType='string'/><DataField name='time' optype='continuous' dataType='double'/><DataField name='page' optype='categorical' dataType='string'/>",
        $"<SequenceModel functionName='sequences'><MiningSchema><MiningField name='user' usageType='group'/>{order}<MiningField name='page'/></MiningSchema>{content}</SequenceModel>");
}
