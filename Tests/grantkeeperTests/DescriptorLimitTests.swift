import Testing
import grantkeeper

@Suite struct DescriptorLimitTests {
    @Test(arguments: [(8192, 1920), (4608, 1024), (1024, 128), (512, 1), (20, 1)])
    func `so many workers can be busy that each has its descriptors`(limit: Int, workers: Int) {
        #expect(DescriptorLimit(descriptors: limit).mostWorkers == workers)
    }

    @Test func `the limit is raised as far as this process may`() {
        let raised = DescriptorLimit.raised()
        #expect(raised.descriptors >= 256)
        #expect(DescriptorLimit.raised().descriptors == raised.descriptors)
    }
}
