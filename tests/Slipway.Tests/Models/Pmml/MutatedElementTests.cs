using System.Globalization;
using System.Xml.Linq;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Valid models with one or two things changed at random: they open or are refused with a <see cref="ModelException"/>, and rows score or are refused with a <see cref="RecordException"/>.</summary>
public sealed class MutatedElementTests
{
    private static readonly string[] Hostile = ["", "-1", "0", "1", "2.5", "1e308", "-1e308", "NaN", "INF", "2147483647", "99999999999", "true", "x", "c", "kind", "similarity", "table", "delta", "string", "median"];

    [Theory]
    [InlineData("x y kind=a,b", """
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema/>
        <Output><OutputField name="cluster" feature="predictedValue"/><OutputField name="d" feature="affinity" value="1"/><OutputField name="second" feature="entityId" rank="2"/></Output>
        <ComparisonMeasure kind="distance"><minkowski p-parameter="3"/></ComparisonMeasure>
        <ClusteringField field="x"/><ClusteringField field="y" compareFunction="gaussSim" similarityScale="2"/>
        <ClusteringField field="kind" compareFunction="table" fieldWeight="2"><Comparisons><Matrix kind="symmetric" nbRows="2" nbCols="2"><Array n="1" type="real">0</Array><Array n="2" type="real">1 0</Array></Matrix></Comparisons></ClusteringField>
        <MissingValueWeights><Array n="3" type="real">1 2 1</Array></MissingValueWeights>
        <Cluster id="1"><Array n="3" type="string">1 2 a</Array></Cluster><Cluster id="2"><Array n="3" type="string">3 4 b</Array></Cluster></ClusteringModel>
        """)]
    [InlineData("x y", """
        <ClusteringModel functionName="clustering" modelClass="distributionBased" numberOfClusters="1"><MiningSchema/>
        <ComparisonMeasure kind="similarity"><squaredEuclidean/></ComparisonMeasure><ClusteringField field="x"/><ClusteringField field="y"/>
        <Cluster size="30"><Array n="2" type="real">0 0</Array><Covariances><Matrix kind="diagonal"><Array n="2" type="real">1 2</Array></Matrix></Covariances></Cluster></ClusteringModel>
        """)]
    [InlineData("x y *kind=a,b", """
        <NearestNeighborModel functionName="classification" numberOfNeighbors="2" categoricalScoringMethod="weightedMajorityVote" threshold="0.1"><MiningSchema/>
        <Output><OutputField name="p" feature="probability" value="a"/><OutputField name="n2" feature="entityId" rank="2"/><OutputField name="d" feature="affinity"/></Output>
        <TrainingInstances><InstanceFields><InstanceField field="x" column="x"/><InstanceField field="y" column="y"/><InstanceField field="kind" column="k"/></InstanceFields>
        <InlineTable><row><x>1</x><y>2</y><k>a</k></row><row><x>3</x><y>4</y><k>b</k></row><row><x>5</x><y>1</y><k>b</k></row></InlineTable></TrainingInstances>
        <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><KNNInputs><KNNInput field="x" fieldWeight="2"/><KNNInput field="y"/></KNNInputs></NearestNeighborModel>
        """)]
    [InlineData("x kind=a,b *class=c,d", """
        <NaiveBayesModel functionName="classification" threshold="0.01"><MiningSchema/><Output><OutputField name="p" feature="probability" value="c"/></Output>
        <BayesInputs><BayesInput fieldName="kind"><PairCounts value="a"><TargetValueCounts><TargetValueCount value="c" count="3"/><TargetValueCount value="d" count="4"/></TargetValueCounts></PairCounts></BayesInput>
        <BayesInput fieldName="x"><TargetValueStats><TargetValueStat value="c"><GaussianDistribution mean="1" variance="2"/></TargetValueStat><TargetValueStat value="d"><PoissonDistribution mean="3"/></TargetValueStat></TargetValueStats></BayesInput></BayesInputs>
        <BayesOutput fieldName="class"><TargetValueCounts><TargetValueCount value="c" count="5"/><TargetValueCount value="d" count="6"/></TargetValueCounts></BayesOutput></NaiveBayesModel>
        """)]
    [InlineData("x kind=a,b *class=c,d", """
        <BayesianNetworkModel functionName="classification"><MiningSchema/><BayesianNetworkNodes>
        <DiscreteNode name="class"><ValueProbability value="c" probability="0.25"/><ValueProbability value="d" probability="0.75"/></DiscreteNode>
        <DiscreteNode name="kind"><DiscreteConditionalProbability><ParentValue parent="class" value="c"/><ValueProbability value="a" probability="0.5"/><ValueProbability value="b" probability="0.5"/></DiscreteConditionalProbability>
        <DiscreteConditionalProbability><ParentValue parent="class" value="d"/><ValueProbability value="a" probability="0.1"/><ValueProbability value="b" probability="0.9"/></DiscreteConditionalProbability></DiscreteNode>
        <ContinuousNode name="x"><ContinuousConditionalProbability><ParentValue parent="kind" value="a"/><ContinuousDistribution><NormalDistributionForBN><Mean><Constant>1</Constant></Mean><Variance><Constant>2</Constant></Variance></NormalDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
        <ContinuousConditionalProbability><ParentValue parent="kind" value="b"/><ContinuousDistribution><TriangularDistributionForBN><Mean><Constant>2</Constant></Mean><Lower><Constant>0</Constant></Lower><Upper><Constant>5</Constant></Upper></TriangularDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability></ContinuousNode>
        </BayesianNetworkNodes></BayesianNetworkModel>
        """)]
    [InlineData("x y", """
        <AnomalyDetectionModel functionName="regression" algorithmType="clusterMeanDist" sampleDataSize="7"><MiningSchema/>
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="1"><MiningSchema><MiningField name="x"/><MiningField name="y"/></MiningSchema>
        <ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure><ClusteringField field="x"/><ClusteringField field="y"/><Cluster><Array n="2" type="real">0 0</Array></Cluster></ClusteringModel>
        <MeanClusterDistances><Array n="1" type="real">2</Array></MeanClusterDistances></AnomalyDetectionModel>
        """)]
    [InlineData("x y *score", """
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="x" testStatistic="CUSUM" windowSize="3" resetValue="0"><Baseline><GaussianDistribution mean="1" variance="2"/></Baseline>
        <Alternate><UniformDistribution lower="1" upper="4"/></Alternate></TestDistributions></BaselineModel>
        """)]
    [InlineData("x kind=a,b", """
        <ClusteringModel functionName="clustering" modelClass="distributionBased" numberOfClusters="2"><MiningSchema/>
        <ComparisonMeasure kind="similarity" compareFunction="gaussSim"><minkowski p-parameter="3"/></ComparisonMeasure><ClusteringField field="x" similarityScale="2"/><ClusteringField field="kind" compareFunction="equal"/>
        <Cluster size="30"><Partition name="p" size="3"><PartitionFieldStats field="x"><NumericInfo mean="1" standardDeviation="2"/></PartitionFieldStats><PartitionFieldStats field="kind"><Array n="2" type="int">2 3</Array></PartitionFieldStats></Partition></Cluster>
        <Cluster><Partition name="q"><PartitionFieldStats field="x"><Array n="1" type="real">3</Array><Array n="1" type="real">4</Array><Array n="1" type="real">9</Array></PartitionFieldStats><PartitionFieldStats field="kind"><Array n="2" type="int">0 3</Array></PartitionFieldStats></Partition></Cluster></ClusteringModel>
        """)]
    [InlineData("x kind=a,b *score", """
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="kind" testStatistic="chiSquareDistribution" windowSize="3" weightField="x"><Baseline>
        <NormalizedCountTable sample="50"><FieldValueCount field="kind" value="a" count="0.4"/><FieldValueCount field="kind" value="b" count="0.6"/></NormalizedCountTable></Baseline></TestDistributions></BaselineModel>
        """)]
    [InlineData("x kind=a,b color=r,g *score", """
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="kind" testStatistic="chiSquareIndependence"><Baseline>
        <CountTable><FieldValue field="kind" value="a"><FieldValueCount field="color" value="r" count="4"/><FieldValueCount field="color" value="g" count="5"/></FieldValue>
        <FieldValue field="kind" value="b"><FieldValueCount field="color" value="r" count="1"/></FieldValue></CountTable></Baseline></TestDistributions></BaselineModel>
        """)]
    [InlineData("x y *z", """
        <MiningModel functionName="regression"><MiningSchema/><Output><OutputField name="r" feature="transformedValue"><FieldRef field="first"/></OutputField></Output>
        <DecisionTree functionName="regression"><ResultField name="first" feature="predictedValue"/><ResultField name="node" feature="entityId"/>
        <Node id="0" score="1"><True/><Node id="1"><SimplePredicate field="x" operator="lessThan" value="2"/><Regression functionName="regression"><ResultField name="inner"/><RegressionTable intercept="1"><NumericPredictor name="y" coefficient="2"/></RegressionTable></Regression></Node>
        <Node id="2" score="4"><True/></Node></Node></DecisionTree>
        <Regression functionName="regression"><RegressionTable intercept="0"><NumericPredictor name="first" coefficient="2"/><CategoricalPredictor name="node" value="1" coefficient="2"/><PredictorTerm coefficient="3"><FieldRef field="inner" mapMissingTo="0"/></PredictorTerm></RegressionTable></Regression>
        </MiningModel>
        """)]
    [InlineData("x y kind=a,b *z", """
        <MiningModel functionName="regression"><MiningSchema/><LocalTransformations>
        <DerivedField name="mean" optype="continuous" dataType="double"><Aggregate field="x" function="average" groupField="kind"/></DerivedField>
        <DerivedField name="off" optype="continuous" dataType="double"><Apply function="-"><FieldRef field="y"/><FieldRef field="mean"/></Apply></DerivedField>
        <DerivedField name="set" optype="categorical" dataType="string"><Aggregate field="kind" function="multiset"/></DerivedField></LocalTransformations>
        <Segmentation multipleModelMethod="sum"><LocalTransformations><DerivedField name="largest" optype="continuous" dataType="double"><Aggregate field="off" function="max" groupField="kind"/></DerivedField></LocalTransformations>
        <Segment><SimplePredicate field="set" operator="isNotMissing"/><RegressionModel functionName="regression"><MiningSchema><MiningField name="largest"/></MiningSchema><RegressionTable intercept="0"><NumericPredictor name="largest" coefficient="2"/></RegressionTable></RegressionModel></Segment></Segmentation></MiningModel>
        """)]
    [InlineData("x y *z", """
        <NeuralNetwork functionName="regression" activationFunction="tanh"><MiningSchema/><NeuralInputs><NeuralInput id="1"><DerivedField optype="continuous" dataType="double"><FieldRef field="x"/></DerivedField></NeuralInput></NeuralInputs>
        <NeuralLayer><Neuron id="2"><Con from="1" weight="1"/><Con from="4" weight="0.5"/></Neuron><Neuron id="3"><Con from="1" weight="1"/></Neuron></NeuralLayer>
        <NeuralLayer><Neuron id="4"><Con from="2" weight="1"/><Con from="3" weight="2"/></Neuron></NeuralLayer>
        <NeuralOutputs><NeuralOutput outputNeuron="4"><DerivedField optype="continuous" dataType="double"><FieldRef field="z"/></DerivedField></NeuralOutput></NeuralOutputs></NeuralNetwork>
        """)]
    public void Mutations_are_scored_or_refused_in_words(string fields, string element)
    {
        var document = PmmlTest.Document(fields, element);
        using (PmmlTest.Open(document))
        {
        }
        var random = new Random(3);
        var opened = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var mutated = XDocument.Parse(document);
            for (var count = 1 + random.Next(2); count > 0; count--) Mutate(mutated, random);
            var text = mutated.ToString();
            try
            {
                using var model = PmmlTest.Open(text);
                opened++;
                var scorer = model.CreateScorer();
                for (var row = 0; row < 4; row++)
                {
                    for (var i = 0; i < scorer.InputCount; i++)
                    {
                        if (random.Next(5) == 0) scorer.SetMissing(i);
                        else scorer.Set(i, scorer.InputName(i) == "kind" ? "a" : random.Next(4).ToString(CultureInfo.InvariantCulture));
                    }
                    scorer.Score();
                    for (var i = 0; i < scorer.OutputCount; i++) scorer.Text(i);
                }
                using var inputs = new Batch();
                foreach (var input in model.Signature.Inputs)
                {
                    inputs.Add(Tensor.OfText(input.Name, [.. Enumerable.Range(0, 5).Select(_ => random.Next(5) == 0 ? null : input.Name == "kind" ? "b" : random.Next(4).ToString(CultureInfo.InvariantCulture))]));
                }
                model.Run(inputs).Dispose();
            }
            catch (Exception e) when (e is ModelException or RecordException)
            {
                Assert.NotEmpty(e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{text}");
            }
        }
        Assert.InRange(opened, 30, 270);
    }

    private static void Mutate(XDocument document, Random random)
    {
        var elements = document.Root!.Descendants().Where(e => e.Name.LocalName != "Header").ToArray();
        var element = elements[random.Next(elements.Length)];
        var attributes = element.Attributes().Where(a => !a.IsNamespaceDeclaration).ToArray();
        switch (random.Next(6))
        {
            case 0 when element.Parent != document.Root:
                element.Remove();
                break;
            case 1 when element.Parent != document.Root:
                element.AddAfterSelf(new XElement(element));
                break;
            case 2 when !element.HasElements:
                element.Value = Hostile[random.Next(Hostile.Length)];
                break;
            case 3 when attributes.Length > 0:
                attributes[random.Next(attributes.Length)].Remove();
                break;
            default:
                if (attributes.Length > 0) attributes[random.Next(attributes.Length)].Value = Hostile[random.Next(Hostile.Length)];
                break;
        }
    }
}
