import Testing
import grantkeeper

@Suite struct DescriptorLimitTests {
    @Test(arguments: [(8192, 1182), (7244, 1024), (1024, 128), (512, 64), (20, 2), (4, 1)])
    func `so many workers can be busy that each has its descriptors`(limit: Int, workers: Int) {
        #expect(DescriptorLimit(descriptors: limit).mostWorkers == workers)
    }

    @Test func `the limit is raised as far as this process may`() {
        let raised = DescriptorLimit.raised()
        #expect(raised.descriptors >= 256)
        #expect(DescriptorLimit.raised().descriptors == raised.descriptors)
    }
}
